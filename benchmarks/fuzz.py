"""Look for inputs that break reviewclean, guided by what they reach (atheris): any exception that is not ours ends it, with the input in a file.

usage: python benchmarks/fuzz.py decode|html|text|jsonl|warc [-max_total_time=60] [-runs=100000] …    (libFuzzer's own flags)
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reviewclean"]):
    from reviewclean import Cleaner
    from reviewclean.batch.records import GUESSED, read
    from reviewclean.errors import ReviewcleanError
    from reviewclean.reading.decode import decode

cleaner = Cleaner()
folder = tempfile.TemporaryDirectory()


def records(ending: str) -> Callable[[bytes], object]:
    path = Path(folder.name) / f"x{ending}"

    def asked(body: bytes) -> None:
        path.write_bytes(body)
        with contextlib.suppress(ReviewcleanError):
            list(read(str(path), GUESSED))

    return asked


TARGETS: dict[str, Callable[[bytes], object]] = {
    "decode": decode,
    "html": lambda body: cleaner.clean(body).text,
    "text": lambda body: cleaner.clean_text(body).text,
    "jsonl": records(".jsonl"),
    "warc": records(".warc"),
}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(__doc__)
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
