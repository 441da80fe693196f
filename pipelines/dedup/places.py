"""The places of a shard's documents in the order by which repeated text stays or goes."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.duplicates.order import order_bits
from filters.repeats.documents import FIRST, Documents
from pipelines.dedup.setting import Setting, numbers
from pipelines.dedup.signatures import order_names
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard


def place_columns(setting: Setting) -> int:
    """How many numbers say where a document stands in the order."""
    return len(setting.recipe.survivor) + 1


@dataclass(frozen=True)
class Places:
    """Of each row of a shard: node, scope and order, as `Documents` has them. 32 bytes a row with one survivor key.

    The order is that of survivors: documents of an earlier corpus, then the recipe's keys, then ``doc_id``. Of that the
    upper 8 bytes count here: two documents with equal survivor keys have these in common with a probability of 2^-64,
    and only if they repeat each other's text as well does it matter which of them lies in the first file.
    """

    node: np.ndarray
    scope: np.ndarray
    order: tuple[np.ndarray, ...]

    def documents(self, text: pa.LargeStringArray, rows: np.ndarray) -> Documents:
        """The documents at some rows, with their texts."""
        return Documents(text, self.node[rows], self.scope[rows], tuple(column[rows] for column in self.order))


def read_places(setting: Setting, layout: Layout, shard: Shard) -> Places:
    """The places of a shard's documents, out of its signatures."""
    names = order_names(setting.recipe)
    scope, order = [np.zeros(0, np.uint64)], [[np.zeros(0, np.uint64)] for _ in range(place_columns(setting))]
    for signed in setting.signatures(layout, shard, ["doc_id", "scope", *names]):
        scope.append(numbers(signed, "scope"))
        upper = [int(doc_id[:16], 16) for doc_id in signed.column("doc_id").to_pylist()]
        columns = [*(order_bits(numbers(signed, name)) for name in names), np.array(upper, np.uint64)]
        for parts, column in zip(order, columns, strict=True):
            parts.append(column)
    joined = [np.concatenate(parts) for parts in order]
    if setting.corpus.is_earlier(shard):
        joined[0][:] = FIRST
    return Places(setting.nodes(shard, np.arange(len(joined[0]))), np.concatenate(scope), tuple(joined))
