"""A page as the bytes that the kernels read."""

import numpy as np
import numpy.typing as npt

from pipelines.extract.batch_file import to_utf8

Source = npt.NDArray[np.uint8]
Integer = int | np.integer
PADDING = 8
"""Zero bytes behind the page, so that kernels may look ahead without asking for the end."""


def to_source(html: str) -> Source:
    """uint8[bytes + PADDING]: the page in UTF-8, lone surrogates as U+FFFD, NULs as spaces, zeros behind it."""
    encoded = to_utf8(html)
    if b"\0" in encoded:
        encoded = encoded.replace(b"\0", b" ")
    return np.frombuffer(encoded + bytes(PADDING), np.uint8)
