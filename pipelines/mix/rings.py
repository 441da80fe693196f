"""The rings of all strata, read from what the stage `mix-strata` has written."""

from functools import lru_cache

import numpy as np

from filters.mixture.keys import Integers
from filters.mixture.ring import Documents
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_groups
from pipelines.engine.shard import make_buckets
from pipelines.mix.setting import STRATA


class Rings:
    """The parts of all rings as files; a few are kept in memory."""

    def __init__(self, layout: Layout, parts: int) -> None:
        self._layout = layout
        self._names = [bucket.name for bucket in make_buckets(parts)]
        self.read = lru_cache(maxsize=2)(self._read)

    def _read(self, part: int) -> dict[str, Documents]:
        """The documents of a part by stratum, in order."""
        found: dict[str, list[Documents]] = {}
        for group in row_groups(self._layout.uri(self._layout.data(STRATA, self._names[part]))):
            strata = group.column("stratum").dictionary_encode()  # in rising order, as the rows are sorted by it
            numbers = strata.indices.to_numpy()
            keys, lengths = group.column("key").to_numpy(), group.column("length").to_numpy()
            for number, name in enumerate(strata.dictionary.to_pylist()):
                first, last = np.searchsorted(numbers, [number, number + 1])
                found.setdefault(name, []).append(Documents(keys[first:last], lengths[first:last]))
        return {
            name: Documents(
                np.concatenate([each.keys for each in some]), np.concatenate([each.lengths for each in some])
            )
            for name, some in found.items()
        }

    def strata(self) -> dict[str, "StratumRing"]:
        """The ring of each stratum; reads all parts once."""
        rings: dict[str, StratumRing] = {}
        for part in range(len(self._names)):
            for name, documents in self._read(part).items():
                ring = rings.setdefault(name, StratumRing(self, name, len(self._names)))
                ring.tokens[part] = documents.lengths.sum()
                ring.documents[part] = len(documents.keys)
                ring.longest = max(ring.longest, int(documents.lengths.max()))
        return dict(sorted(rings.items()))


class StratumRing:
    """One stratum: see `filters.mixture.ring.Ring`."""

    def __init__(self, rings: Rings, name: str, parts: int) -> None:
        self._rings, self._name = rings, name
        self.tokens: Integers = np.zeros(parts, np.int64)
        self.documents: Integers = np.zeros(parts, np.int64)
        self.longest = 0

    def read(self, part: int) -> Documents:
        """The documents of a part."""
        none = Documents(np.zeros(0, np.uint64), np.zeros(0, np.int64))
        return self._rings.read(part).get(self._name, none)
