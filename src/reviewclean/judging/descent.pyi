import numpy as np
import numpy.typing as npt

def descend(
    rows: npt.NDArray[np.float32],
    feature: npt.NDArray[np.intp],
    threshold: npt.NDArray[np.float32],
    left: npt.NDArray[np.intp],
    value: npt.NDArray[np.int64],
    roots: npt.NDArray[np.intp],
    sums: npt.NDArray[np.int64],
) -> None: ...
