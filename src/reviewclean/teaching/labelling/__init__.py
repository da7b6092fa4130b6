"""A labelling page in the browser: the model's labels are there already, a person corrects them, and pages become samples."""
