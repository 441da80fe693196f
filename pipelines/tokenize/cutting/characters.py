"""Reading UTF-8 with unsigned integers, for kernels that look at every character."""

import numpy as np

from filters.kernel import inlined
from filters.lexing.characters import Bytes

Integer = int | np.signedinteger | np.unsignedinteger
Index = np.uintp
"""Unsigned, so that Numba does not look for negative indexes."""


@inlined
def read(data: Bytes, position: Integer) -> tuple[Integer, Integer]:
    """The character of valid UTF-8 that starts at ``position``: (code point, bytes), as unsigned integers.

    Signed ones, as in `filters.lexing.characters.read`, make these loops several times as slow.
    """
    first = Index(data[position])
    if first < Index(0x80):
        return first, Index(1)
    second = Index(data[position + Index(1)]) & Index(0x3F)
    if first < Index(0xE0):
        return (first & Index(0x1F)) << Index(6) | second, Index(2)
    third = Index(data[position + Index(2)]) & Index(0x3F)
    if first < Index(0xF0):
        return (first & Index(0x0F)) << Index(12) | second << Index(6) | third, Index(3)
    fourth = Index(data[position + Index(3)]) & Index(0x3F)
    return (first & Index(0x07)) << Index(18) | second << Index(12) | third << Index(6) | fourth, Index(4)
