"""A sample of labelled texts without duplicates: the same whatever the order of the files."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import xxhash

from filters.classifier.normalisation import is_blank, normalise


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its label, as it was read."""

    text: str
    label: str
    uri: str | None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A text of the sample: normalised, with a seeded hash that is its identity and its place in every order."""

    line: str
    label: str
    uri: str | None
    hash: int


class Sample:
    """Of each label, the texts with the smallest hashes, each once.

    The hash (xxh3-128 of the normalised text, seeded) makes the choice random, repeatable and independent of order.
    Memory: at most ``limit`` texts a label.
    """

    def __init__(self, limit: int, lowercase: bool, seed: int) -> None:
        self._limit, self._lowercase, self._seed = limit, lowercase, seed
        self._held: dict[str, dict[int, Sampled]] = {}
        self._largest: dict[str, list[int]] = {}
        """A heap of the negated hashes of each label: its top is the largest hash."""
        self.empty = 0
        self.duplicates = 0
        self.over_limit = 0

    def add(self, examples: list[Example]) -> None:
        """Take in some texts."""
        text = pa.array([example.text for example in examples], pa.large_string())
        lines = normalise(text, self._lowercase).to_pylist()
        for example, line, blank in zip(examples, lines, is_blank(text).to_pylist(), strict=True):
            if blank:
                self.empty += 1
            else:
                key = xxhash.xxh3_128_intdigest(line.encode(), seed=self._seed)
                self._hold(Sampled(line, example.label, example.uri, key))

    def _hold(self, sampled: Sampled) -> None:
        held = self._held.setdefault(sampled.label, {})
        heap = self._largest.setdefault(sampled.label, [])
        if sampled.hash in held:
            self.duplicates += 1
            return
        if len(heap) == self._limit:
            self.over_limit += 1
            if sampled.hash > -heap[0]:
                return
            del held[-heapq.heappop(heap)]
        held[sampled.hash] = sampled
        heapq.heappush(heap, -sampled.hash)

    def labels(self) -> list[str]:
        """The labels that came, sorted."""
        return sorted(self._held)

    def texts(self) -> tuple[list[Sampled], int]:
        """The texts of every label in the order of their hashes, and how many had more than one label.

        Those are left out with all their labels: which one is right cannot be known.
        """
        seen: dict[int, int] = {}
        for held in self._held.values():
            for key in held:
                seen[key] = seen.get(key, 0) + 1
        everything = [sampled for held in self._held.values() for sampled in held.values()]
        clear = sorted((sampled for sampled in everything if seen[sampled.hash] == 1), key=lambda sampled: sampled.hash)
        return clear, len(everything) - len(clear)


def balance(texts: Iterable[Sampled]) -> list[Sampled]:
    """As many texts of every label as the rarest one has: those with the smallest hashes."""
    by_label: dict[str, list[Sampled]] = {}
    for sampled in sorted(texts, key=lambda sampled: sampled.hash):
        by_label.setdefault(sampled.label, []).append(sampled)
    size = min(map(len, by_label.values()), default=0)
    return sorted((sampled for held in by_label.values() for sampled in held[:size]), key=lambda sampled: sampled.hash)
