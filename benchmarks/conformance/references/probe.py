"""A limit that takes note of every number it is compared with, to read the numbers a reference measures."""

from typing import Self


class Probe(float):
    """A number that no comparison exceeds, so that the reference goes on to its next rule.

    ``ratio > Probe`` asks the probe first, since a subclass answers before its base class; NumPy numbers step back
    from a class without ``__array_ufunc__``.
    """

    __array_ufunc__ = None
    seen: list[float]

    def __new__(cls) -> Self:
        probe = super().__new__(cls, 1.0)
        probe.seen = []
        return probe

    def _note(self, value: float) -> bool:
        self.seen.append(float(value))
        return False

    __lt__ = __gt__ = __le__ = __ge__ = _note
    __hash__ = float.__hash__
