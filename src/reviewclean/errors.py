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
    """One output cannot be written."""


class DiskError(OutputError):
    """No output can be written any more: the disk is full, failing or read-only."""


class LimitError(ReviewcleanError):
    """A page is larger, or costs more, than it may."""
