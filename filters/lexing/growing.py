"""An array that grows at its end."""

import numpy as np
import numpy.typing as npt


class GrowingArray:
    """A one-dimensional NumPy array with an amortised append."""

    def __init__(self, dtype: npt.DTypeLike, capacity: int = 4096) -> None:
        self._buffer = np.empty(capacity, dtype)
        self._size = 0

    @property
    def values(self) -> np.ndarray:
        """What was appended so far, as a view."""
        return self._buffer[: self._size]

    def extend(self, values: npt.ArrayLike) -> None:
        """Append ``values``; earlier views stay valid."""
        values = np.asarray(values, self._buffer.dtype)
        size = self._size + len(values)
        if size > len(self._buffer):
            buffer = np.empty(max(size, 2 * len(self._buffer)), self._buffer.dtype)
            buffer[: self._size] = self.values
            self._buffer = buffer
        self._buffer[self._size : size] = values
        self._size = size
