"""reviewclean: the review and nothing but the review, out of scraped pages and texts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewclean.cleaner import Cleaner, clean, clean_many
    from reviewclean.data import About, Block, Cleaned, Label, Mark, Page, Removed, Span, Verdict
    from reviewclean.errors import InputError, ModelError, OutputError, ReviewcleanError, SampleError

__version__ = "0.2.0"

# imported when first used (PEP 562), so that `import reviewclean` costs nothing
_HOMES = {
    **dict.fromkeys(("Cleaner", "clean", "clean_many"), "cleaner"),
    **dict.fromkeys(("About", "Block", "Cleaned", "Label", "Mark", "Page", "Removed", "Span", "Verdict"), "data"),
    **dict.fromkeys(("InputError", "ModelError", "OutputError", "ReviewcleanError", "SampleError"), "errors"),
}

__all__ = [
    "About", "Block", "Cleaned", "Cleaner", "InputError", "Label", "Mark", "ModelError", "OutputError", "Page", "Removed", "ReviewcleanError", "SampleError",
    "Span", "Verdict", "clean", "clean_many",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
