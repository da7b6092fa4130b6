"""Compiles the loops in which a page's time goes, where a C compiler is at hand. Without one they run as Python, with equal results."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("src/reviewclean")
SOURCES = (
    "judging/descent.pyx",  # in place of numpy's loops in judging/trees.py
    "judging/naming.pyx",  # in place of the strings of judging/weights.py
    "judging/nesting.pyx",  # the same of judging/elements.py
    "judging/numbering.pyx",  # the same of judging/wording.py, lexicon.py and stems.py
    "reading/scan.pyx",  # spares reading/decode.py most of its passes
    "reading/walk.pyx",  # in place of the walk of reading/segment.py
)
DIRECTIVES = {"language_level": 3, "annotation_typing": False}  # annotations are for readers and mypy: a bool may be None, and a float an int


class Compile(BuildHookInterface):
    """Adds compiled modules to a wheel, or lays them beside their sources where the project is installed as editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, if REVIEWCLEAN_PURE is not set. What goes wrong costs speed, never the installation."""
        self.work = Path(tempfile.mkdtemp(prefix="reviewclean-"))
        package = Path(self.root) / PACKAGE
        if version == "editable":
            for source in SOURCES:
                for stale in (package / source).parent.glob(f"{Path(source).stem}.*"):
                    if stale.suffix in (".so", ".pyd"):
                        stale.unlink()
        if os.environ.get("REVIEWCLEAN_PURE"):
            return
        try:
            built = list(compiled(package, self.work))
        except (Exception, SystemExit) as error:
            self.app.display_warning(f"No compiled modules: reviewclean will run all the same, at less than half the speed ({error})")
            return
        for file in built:
            place = file.relative_to(self.work / "lib" / "reviewclean")
            if version == "editable":
                shutil.copy(file, package / place)
            else:
                build_data["force_include"][str(file)] = f"reviewclean/{place.as_posix()}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.work, ignore_errors=True)


def compiled(package: Path, work: Path) -> Iterator[Path]:
    """The compiled modules, below `work`."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    # a product that is added is rounded first, as numpy does it, on processors too that could do both at once
    flags = [] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]
    names = ["reviewclean." + source.rsplit(".", 1)[0].replace("/", ".") for source in SOURCES]
    extensions = [Extension(name, [str(package / source)], extra_compile_args=flags) for name, source in zip(names, SOURCES, strict=True)]
    command = build_ext(Distribution({"ext_modules": cythonize(extensions, build_dir=str(work / "c"), compiler_directives=DIRECTIVES, quiet=True)}))
    command.build_lib, command.build_temp = str(work / "lib"), str(work / "o")
    command.ensure_finalized()
    command.run()
    yield from map(Path, command.get_outputs())
