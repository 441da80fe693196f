"""Pages that are known to be duplicates: second captures, and pairs with much text in common by their ground truth."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.near_duplicates.found import Documents, Found, Place
from filters.minhash.shingles import Shingles

HIGH = 0.75
"""Jaccard similarity of 8-grams of the ground truth that divides the near duplicates."""
RELATED = f"truth's 8-grams < {HIGH}"
"""Pairs that are not alike enough to be duplicates."""


@dataclass(frozen=True)
class LabelledPair:
    """Two records of WARC files, by file and offset, and what is known of them."""

    kind: str
    left: Place
    right: Place


@dataclass(frozen=True)
class Missed:
    """A labelled pair that is in no common cluster.

    ``jaccard`` is that of the extracted texts, ``contained`` the part of the smaller one's shingles that the larger has
    too. Pages of one address are found by comparing addresses.
    """

    jaccard: float
    contained: float
    addresses: tuple[str, str]

    @property
    def one_address(self) -> bool:
        return self.addresses[0] == self.addresses[1]


@dataclass
class Labelled:
    """What became of the labelled pairs of one kind; ``no_text`` counts those of which a page has none."""

    pairs: int = 0
    no_text: int = 0
    found: int = 0
    missed: list[Missed] = field(default_factory=list)


def read_labels(folder: Path) -> Iterator[LabelledPair]:
    """The labelled pairs of the real pages in a folder."""
    places = {row["record_id"]: (row["warc"], row["offset"]) for row in _rows(folder / "web-dev-index.jsonl.gz")}
    for row in _rows(folder / "web-dev-recrawl-index.jsonl.gz"):
        kind = "second capture, same bytes" if row["exact"] else "second capture, other bytes"
        yield LabelledPair(kind, places[row["dup_of"]], (row["warc"], row["offset"]))
    for row in _rows(folder / "web-dev-neardup-pairs.jsonl.gz"):
        kind = f"truth's 8-grams >= {HIGH}" if row["jaccard_8gram"] >= HIGH else RELATED
        yield LabelledPair(kind, places[row["a"]], places[row["b"]])


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def judge_labels(
    labels: Iterable[LabelledPair], documents: Documents, sets: Shingles, found: Found
) -> dict[str, Labelled]:
    """What became of labelled pairs, by kind."""
    addresses = documents.table["uri"].to_pylist()
    result: dict[str, Labelled] = {}
    for label in labels:
        outcome = result.setdefault(label.kind, Labelled())
        outcome.pairs += 1
        left, right = documents.by_place.get(label.left), documents.by_place.get(label.right)
        if left is None or right is None:
            outcome.no_text += 1
        elif found.cluster[left] == found.cluster[right]:
            outcome.found += 1
        else:
            outcome.missed.append(_missed(sets, left, right, (addresses[left], addresses[right])))
    return result


def _missed(sets: Shingles, left: int, right: int, addresses: tuple[str, str]) -> Missed:
    sizes = sets.per_document[[left, right]]
    first, second = (sets.hashes[sets.offsets[i] : sets.offsets[i + 1]] for i in (left, right))
    common = len(np.intersect1d(first, second))
    return Missed(common / max(1, sizes.sum() - common), common / max(1, sizes.min()), addresses)
