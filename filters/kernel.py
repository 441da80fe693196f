"""Compiled functions: Numba's, kept on disk until any code that they are made of changes."""

# pyright: reportAttributeAccessIssue=false
# (Numba makes its configuration when it is imported)

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import xxhash
from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., object])

ROOT = Path(__file__).resolve().parents[1]
IMPORT = re.compile(r"^from ((?:filters|pipelines|schemas)[\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)


def kernel(function: Function) -> Function:
    """Compile a function on arrays; other threads run beside it."""
    return _compile(function, njit(cache=True, nogil=True))


def leaf(function: Function) -> Function:
    """Compile a function that neither makes an array nor returns one.

    Elsewhere Numba counts references, atomically, to every array that a call or a slice passes on. In functions that
    are called for every word of a page that took a third of their time. Here the caller holds the arrays, so nothing is
    counted, and making an array is an error of the compiler.
    """
    return _compile(function, njit(cache=True, nogil=True, _nrt=False))  # pyright: ignore[reportCallIssue] (not in its hints)


def inlined(function: Function) -> Function:
    """Compile a function of a line or two as a part of those that call it."""
    return _compile(function, njit(cache=True, nogil=True, inline="always"))


def approximate(function: Function) -> Function:
    """Compile a ``leaf`` whose sums may be taken in any order: only where all of them are exact."""
    return _compile(function, njit(cache=True, nogil=True, fastmath=True, _nrt=False))  # pyright: ignore[reportCallIssue]


def _compile(function: Function, compiler: Callable[..., Any]) -> Function:
    # Numba looks for changes in the file of the function alone, not in those of the functions and constants that were
    # compiled into it: after an update it would go on with parts of the old code. So each state of the code has a
    # folder of its own.
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_base() / _state(function.__module__))
    try:
        return compiler(function)
    finally:
        config.CACHE_DIR = before


@cache
def _base() -> Path:
    """Where compiled code is kept: where NUMBA_CACHE_DIR says, beside the program, or else in the user's cache."""
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR)
    if os.access(ROOT / "filters", os.W_OK):
        return ROOT / "filters" / "__pycache__" / "kernels"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "orchard" / "kernels"


@cache
def _state(module: str) -> str:
    """A digest of the sources of a module and of all that it imports from this program, over any number of steps."""
    found, new = set[str](), {module}
    while new:
        found |= new
        new = {name for each in new for name in _imported(each)} - found
    return xxhash.xxh3_64_hexdigest("\0".join(_source(each) for each in sorted(found)).encode())


@cache
def _imported(module: str) -> frozenset[str]:
    names = set[str]()
    for package, imported in IMPORT.findall(_source(module)):
        names.add(package)
        names |= {f"{package}.{name}" for name in re.findall(r"\w+", imported) if _path(f"{package}.{name}")}
    return frozenset(names)


@cache
def _source(module: str) -> str:
    """Of a module outside this program nothing."""
    path = _path(module)
    return path.read_text("utf-8") if path else ""


def _path(module: str) -> Path | None:
    place = ROOT.joinpath(*module.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)
