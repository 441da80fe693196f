"""Numba functions that only read and write the arrays they are given."""

from numba import njit

leaf = njit(cache=True, nogil=True, _nrt=False)
"""Compiles a function that neither makes an array nor returns one.

Elsewhere Numba counts references, atomically, to every array that a call or a slice passes on. In functions that are
called for every word of a page that took a third of their time; here the caller holds the arrays, so nothing is counted
(and making an array is an error of the compiler).
"""
