from typing import Any

import numpy.typing as npt

from reviewclean.data import Step

Array = npt.NDArray[Any]

def columns(steps: list[Step], begins: list[int], ends: list[int], first: int, block: int, parent: Array, depth: Array, begin: Array, end: Array) -> None: ...
def spread(parent: Array, fields: Array, weight: Array, top: int, up: Array, far: Array) -> None: ...
