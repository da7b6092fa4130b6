from collections.abc import Iterable

from numpy import float32, uint8
from numpy.typing import NDArray

class Reader:
    def __init__(self, inside: Iterable[tuple[str, int]], beginning: Iterable[tuple[str, int]], whole: Iterable[tuple[str, int]], names_read: int, buckets: int) -> None: ...
    def tell(
        self, tags: list[str], names: list[str], of_tags: dict[str, tuple[int, bool]], table: NDArray[float32], fields: NDArray[uint8], weights: NDArray[float32]
    ) -> list[int]: ...
    def weight(self, names: str, table: NDArray[float32]) -> float | None: ...
