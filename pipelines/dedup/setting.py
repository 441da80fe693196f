"""What all stages of a deduplication know."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.clusters.nodes import ROW_BITS
from filters.duplicates.keys import halves
from filters.duplicates.order import survivor_order
from pipelines.dedup.corpus import Corpus
from pipelines.dedup.outcomes import ShardState, shard_state
from pipelines.dedup.signatures import order_names
from pipelines.engine.exchange import read_bucket
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_groups
from pipelines.engine.shard import Shard, make_buckets
from schemas.recipe.deduplicate import Deduplicate, RepeatedLines, RepeatedSubstrings
from schemas.recipe.write import WriteSettings

IDENTITY = "doc_id"
"""The comparison by identity, which that by address covers: after it, a ``doc_id`` stands for one document."""


@dataclass(frozen=True)
class Setting:
    """The recipe's section, the corpus, and how wide the exchanges are."""

    recipe: Deduplicate
    corpus: Corpus
    buckets: int
    write: WriteSettings

    @property
    def key_steps(self) -> tuple[str, ...]:
        """The comparisons by key, in order."""
        first = IDENTITY if self.recipe.url is None else "url"
        return (first,) if self.recipe.text is None else (first, "text")

    @property
    def steps(self) -> tuple[str, ...]:
        """All comparisons of whole documents, in order."""
        return self.key_steps + (("minhash",) if self.recipe.minhash else ())

    @property
    def lines(self) -> RepeatedLines:
        """The section on lines. Raises ValueError if there is none: the stages are wired wrongly."""
        if self.recipe.lines is None:
            raise ValueError("this stage needs a recipe with deduplicate.lines")
        return self.recipe.lines

    @property
    def substrings(self) -> RepeatedSubstrings:
        """The section on passages. Raises ValueError if there is none: the stages are wired wrongly."""
        if self.recipe.substrings is None:
            raise ValueError("this stage needs a recipe with deduplicate.substrings")
        return self.recipe.substrings

    @property
    def bucket_names(self) -> list[str]:
        """The names of the buckets of every exchange."""
        return [bucket.name for bucket in make_buckets(self.buckets)]

    @property
    def shard_names(self) -> list[str]:
        """The names of all shards, in the order of their numbers."""
        return [shard.name for shard in self.corpus.shards]

    def signatures(self, layout: Layout, shard: Shard, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """The signatures of a shard, a row group at a time."""
        return row_groups(self.corpus.signatures_uri(layout, shard), columns)

    def state(self, layout: Layout, shard: Shard, rows: int, before: str) -> ShardState:
        """What the comparisons before the given one (all, for a name that is none) mean for a shard."""
        steps = self.steps[: self.steps.index(before)] if before in self.steps else self.steps
        number = self.corpus.number(shard)
        return shard_state(
            rows, [read_bucket(layout, outcomes_kind(step), self.bucket_names, number) for step in steps]
        )

    def nodes(self, shard: Shard, rows: np.ndarray) -> np.ndarray:
        """The nodes (uint64) of some rows of a shard."""
        return np.uint64(self.corpus.number(shard) << ROW_BITS) | rows.astype(np.uint64)

    def key_schema(self) -> pa.Schema:
        """The columns of an exchange by key: the key in halves, what goes before the order of survivors, the rest."""
        key = [pa.field("key_upper", pa.uint64(), nullable=False), pa.field("key_lower", pa.uint64(), nullable=False)]
        return pa.schema([*key, pa.field("first", pa.float64(), nullable=False), *self.common_fields()])

    def common_fields(self) -> list[pa.Field]:
        """The columns of every exchange of documents: what survivors are chosen by, and who was dropped for them."""
        return [
            pa.field("node", pa.uint64(), nullable=False),
            pa.field("upper", pa.uint64(), nullable=False),
            pa.field("lower", pa.uint64(), nullable=False),
            pa.field("earlier", pa.bool_(), nullable=False),
            *(pa.field(name, pa.float64(), nullable=False) for name in order_names(self.recipe)),
            pa.field("members", pa.list_(pa.uint64()), nullable=False),
        ]

    def common_columns(
        self, shard: Shard, signed: pa.RecordBatch, state: ShardState, rows: np.ndarray
    ) -> list[pa.Array]:
        """The values of `common_fields` for some rows; ``signed`` are their signatures, in the same order."""
        upper, lower = halves(hex_to_keys(signed.column("doc_id")))
        return [
            pa.array(self.nodes(shard, rows)),
            pa.array(upper),
            pa.array(lower),
            pa.array(np.full(len(rows), self.corpus.is_earlier(shard))),
            *(signed.column(name) for name in order_names(self.recipe)),
            state.member_lists(rows),
        ]

    def order(self, documents: pa.RecordBatch) -> np.ndarray:
        """The positions of a bucket's documents in order of survival."""
        names = [*(["first"] if "first" in documents.schema.names else []), *order_names(self.recipe)]
        columns = [numbers(documents, name) for name in names]
        earlier = numbers(documents, "earlier")
        return survivor_order(earlier, columns, numbers(documents, "upper"), numbers(documents, "lower"))


def numbers(batch: pa.RecordBatch, name: str) -> np.ndarray:
    """A column without nulls as an array."""
    return batch.column(name).to_numpy(zero_copy_only=False)


def hex_to_keys(doc_ids: pa.StringArray) -> pa.FixedSizeBinaryArray:
    """Each ``doc_id`` as its 16 bytes."""
    return pa.array([bytes.fromhex(doc_id) for doc_id in doc_ids.to_pylist()], pa.binary(16))


def keys_kind(step: str) -> str:
    """The folder of the exchange in which a comparison's documents meet."""
    return f"stages/{step}-keys"


def outcomes_kind(step: str) -> str:
    """The folder of the exchange that brings a comparison's outcomes back to the shards."""
    return f"stages/{step}-outcomes"
