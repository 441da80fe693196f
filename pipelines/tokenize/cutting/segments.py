"""Kernels that cut texts at boundaries, number what they see by its bytes, and put tokens together by number."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, kernel
from filters.lexing.characters import Bytes, Integers
from pipelines.tokenize.cutting.boundaries import PAIR_SPREAD, Boundaries
from pipelines.tokenize.cutting.characters import Index, Integer, read
from pipelines.tokenize.cutting.kinds import ASCII
from pipelines.tokenize.tokenizer import Ids

Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
HALF = np.uint64(32)

SPREAD = 0x9E3779B97F4A7C15
"""As for pairs: 2^64 over the golden ratio."""

DOCUMENT, POSITION, KNOWN, WRITTEN = range(4)
"""Places in ``state`` (int64[4]): the document and byte to go on from, segments known so far, segments written."""


class Table(NamedTuple):
    """Distinct segments, numbered in the order in which they came."""

    slots: Hashes
    """uint64[power of two]: high half of the hash, and number + 1 of the segment; 0 where free; at most half full."""
    hashes: Hashes
    """uint64[capacity]: of the bytes of each."""
    offsets: Integers
    """int64[capacity + 1]: those of segment n are ``data[offsets[n]:offsets[n + 1]]``."""
    data: Bytes


@kernel
def number_segments(  # noqa: PLR0917 (a kernel has no objects to put them in)
    data: Bytes, offsets: Integers, boundaries: Boundaries, table: Table, out: tuple[Numbers, Integers], state: Integers
) -> bool:
    """Write the number of each segment of texts to ``out[0]``, adding new ones to ``table``.

    ``out[1]`` (int64[texts + 1]) gets how many segments there are up to the end of each text, counted from
    ``state[WRITTEN]``. Returns whether it came to the end; if not, ``table`` or ``out[0]`` is full, and the next call
    goes on from ``state``.
    """
    numbers, ends = out
    slots, hashes, known_offsets, known_data = table
    ascii_boundary, left, right, joined = boundaries
    document, position, known, written = state[DOCUMENT], Index(state[POSITION]), state[KNOWN], 0
    while document < len(offsets) - 1:
        end = Index(offsets[document + 1])
        while position < end:
            if written == len(numbers):
                _pause(state, document, position, known, written)
                return False
            start, value = position, uint64(SPREAD)
            point, length = read(data, position)
            while True:
                for i in range(position, position + length):
                    value = (value ^ uint64(data[Index(i)])) * uint64(SPREAD)
                position += length
                if position == end:
                    break
                before = point
                point, length = read(data, position)
                if before < ASCII and point < ASCII:
                    if ascii_boundary[before, point]:
                        break
                elif _is_boundary(before, point, left, right, joined):
                    break
            value ^= value >> uint64(29)
            slot, number = _find(data, start, position, value, (slots, known_offsets, known_data))
            if number < 0:
                number, first, size = known, known_offsets[known], np.int64(position - start)
                if number == len(hashes) or first + size > len(known_data):
                    _pause(state, document, start, known, written)
                    return False
                slots[slot] = (value >> HALF << HALF) | uint64(number + 1)
                hashes[number], known_offsets[number + 1] = value, first + size
                for i in range(size):
                    known_data[first + i] = data[start + Index(i)]
                known += 1
            numbers[written] = number
            written += 1
        document += 1
        ends[document] = state[WRITTEN] + written
    _pause(state, document, position, known, written)
    return True


@inlined
def _pause(state: Integers, document: Integer, position: Integer, known: Integer, written: Integer) -> None:
    """Note how far the work is."""
    state[DOCUMENT], state[POSITION], state[KNOWN] = document, position, known
    state[WRITTEN] += written


@inlined
def _is_boundary(before: Integer, point: Integer, left: Bytes, right: Bytes, joined: Hashes) -> bool:
    """Between two characters of which one is not ASCII."""
    found = (left[before] & right[point]) != 0
    if found:
        key = (uint64(before) << uint64(21) | uint64(point)) + uint64(1)
        mask = uint64(len(joined) - 1)
        slot = (key * uint64(PAIR_SPREAD)) >> uint64(32) & mask
        while joined[slot] != uint64(0):
            if joined[slot] == key:
                found = False
                break
            slot = (slot + uint64(1)) & mask
    return found


@inlined
def _find(
    data: Bytes, start: Integer, end: Integer, value: Integer, known: tuple[Hashes, Integers, Bytes]
) -> tuple[Integer, Integer]:
    """The slot of a segment and its number; the free slot that is for it and -1, where it is not known."""
    slots, known_offsets, known_data = known
    mask = uint64(len(slots) - 1)
    slot, tag = value & mask, value >> HALF
    number = np.int64(-1)
    while slots[slot] != uint64(0):
        if slots[slot] >> HALF == tag:
            candidate = (slots[slot] & uint64(0xFFFFFFFF)) - uint64(1)
            first = Index(known_offsets[candidate])
            if Index(known_offsets[candidate + uint64(1)]) - first == end - start:
                i = Index(0)
                while i < end - start and data[start + i] == known_data[first + i]:
                    i += Index(1)
                if i == end - start:
                    number = np.int64(candidate)
                    break
        slot = (slot + uint64(1)) & mask
    return slot, number


@kernel
def place(slots: Hashes, hashes: Hashes, known: Integer) -> None:
    """Fill empty ``slots`` with the first ``known`` segments."""
    mask = uint64(len(slots) - 1)
    for number in range(known):
        slot = hashes[number] & mask
        while slots[slot] != uint64(0):
            slot = (slot + uint64(1)) & mask
        slots[slot] = (hashes[number] >> HALF << HALF) | uint64(number + 1)


@kernel
def token_offsets(numbers: Numbers, ends: Integers, starts: Integers) -> Integers:
    """How many tokens there are up to the end of each text (int64[texts + 1]); segment n has those from ``starts[n]``
    to ``starts[n + 1]``.
    """
    found = np.zeros(len(ends), np.int64)
    for document in range(len(ends) - 1):
        total = found[document]
        for i in range(ends[document], ends[document + 1]):
            total += starts[numbers[i] + 1] - starts[numbers[i]]
        found[document + 1] = total
    return found


@kernel
def gather(numbers: Numbers, starts: Integers, pool: Ids, out: Ids) -> None:
    """Write the tokens of each segment, one after the other."""
    position = 0
    for i in range(len(numbers)):
        for token in range(starts[numbers[i]], starts[numbers[i] + 1]):
            out[position] = pool[token]
            position += 1
