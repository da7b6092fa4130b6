from typing import Any

import numpy.typing as npt

from reviewclean.data import Block

Array = npt.NDArray[Any]

def marks(blocks: list[Block], at: list[int], sizes: list[int], targets: list[str], strong: list[int], strong_sizes: list[int]) -> None: ...
def spread(parent: Array, fields: Array, weight: Array, top: int, up: Array, far: Array) -> None: ...
