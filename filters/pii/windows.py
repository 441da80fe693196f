"""Where personal data may stand: a scan over the bytes of a whole batch that leaves little for exact rules."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

CONTEXT = 100
"""Bytes shown on each side of a candidate: more than an address, an introduction ("tel:") or a URL's start needs."""
DIGIT_GAP = 5
"""Digits at most this far apart may belong to one number: ``(713)-[853``, ``1 - 2``, ``+44\u00a0(0) 20``."""
MIN_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Window:
    """A candidate and what stands around it."""

    document: int
    text: str
    """The candidate with its context, cut at the document's ends."""
    first: int
    """Where the candidate begins in ``text``, in characters."""
    last: int
    """Where it ends (exclusive)."""
    start: int
    """Where ``text`` begins, in bytes from the start of the document."""

    def byte(self, position: int) -> int:
        """The byte of the document where character ``position`` of ``text`` begins."""
        return self.start + len(self.text[:position].encode("utf-8"))


@dataclass(frozen=True)
class Bytes:
    """The UTF-8 of some texts: document d is ``data[offsets[d]:offsets[d + 1]]`` (uint8, int64)."""

    data: np.ndarray
    offsets: np.ndarray

    @classmethod
    def of(cls, text: pa.LargeStringArray) -> "Bytes":
        """The bytes of ``text``, not copied."""
        _, offsets, data = text.buffers()
        ends = np.frombuffer(offsets, dtype=np.int64)[text.offset : text.offset + len(text) + 1]
        content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
        return cls(content[: ends[-1]], ends)

    def windows(self, starts: np.ndarray, ends: np.ndarray) -> Iterator[Window]:
        """Windows around candidates, given as positions in ``data`` (int64, ends exclusive)."""
        documents = np.searchsorted(self.offsets, starts, side="right") - 1
        for document, start, end in zip(documents.tolist(), starts.tolist(), ends.tolist(), strict=True):
            base, limit = int(self.offsets[document]), int(self.offsets[document + 1])
            before = self._decode(max(base, start - CONTEXT), start)
            candidate = self._decode(start, end)
            after = self._decode(end, min(limit, end + CONTEXT))
            first, last = len(before), len(before) + len(candidate)
            begin = start - base - len(before.encode("utf-8"))
            yield Window(document, before + candidate + after, first, last, begin)

    def _decode(self, start: int, end: int) -> str:
        # A context may begin or end inside a character, of which the bytes are left out.
        return self.data[start:end].tobytes().decode("utf-8", "ignore")


def at_signs(content: Bytes) -> tuple[np.ndarray, np.ndarray]:
    """Every ``@``: first and last (exclusive) positions."""
    found = np.flatnonzero(content.data == ord("@"))
    return found, found + 1


def numbers(content: Bytes) -> tuple[np.ndarray, np.ndarray]:
    """Runs of digits with little between them, in one line and table cell: long enough, or dotted like IPv4."""
    positions = np.flatnonzero((content.data - np.uint8(ord("0"))) < 10)
    if not len(positions):
        return positions, positions
    documents = np.searchsorted(content.offsets, positions, side="right")
    cells = np.searchsorted(np.flatnonzero((content.data == ord("\n")) | (content.data == ord("\t"))), positions)
    gaps = np.diff(positions)
    breaks = np.flatnonzero((gaps > DIGIT_GAP) | (np.diff(documents) > 0) | (np.diff(cells) > 0)) + 1
    starts = np.concatenate(([0], breaks))
    ends = np.concatenate((breaks, [len(positions)]))
    dotted = np.zeros(len(positions), dtype=np.int64)
    dotted[:-1] = (gaps == 2) & (content.data[positions[:-1] + 1] == ord("."))
    candidates = (ends - starts >= MIN_DIGITS) | (np.add.reduceat(dotted, starts) >= 3)
    return positions[starts[candidates]], positions[ends[candidates] - 1] + 1


def ipv6_starts(content: Bytes) -> tuple[np.ndarray, np.ndarray]:
    """First groups of global IPv6 addresses: ``2xxx:`` and ``3xxx:`` in hexadecimal."""
    data = content.data
    colons = np.flatnonzero(data == ord(":"))
    colons = colons[colons >= 4]
    group = np.stack([data[colons - back] for back in (4, 3, 2, 1)], axis=1)
    global_unicast = (group[:, 0] == ord("2")) | (group[:, 0] == ord("3"))
    lower = group | 0x20
    hexadecimal = ((group >= ord("0")) & (group <= ord("9"))) | ((lower >= ord("a")) & (lower <= ord("f")))
    colons = colons[global_unicast & hexadecimal.all(axis=1)]
    return colons - 4, colons + 1
