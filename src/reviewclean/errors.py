"""What can go wrong, each as a sentence: what, where, what now."""


class ReviewcleanError(Exception):
    """Any failure that reviewclean foresees; its text is fit to be shown to a user."""


class ModelError(ReviewcleanError):
    """A model file is missing, damaged, of another format, or not what its card says."""


class SampleError(ReviewcleanError):
    """A labelled sample cannot be read or contradicts itself."""


class InputError(ReviewcleanError):
    """An input cannot be read, or holds no page."""


class OutputError(ReviewcleanError):
    """An output cannot be written."""
