"""People make the model better: labelled samples in, a model and its figures out."""
