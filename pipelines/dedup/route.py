"""The way of repeated text: rows of the shards meet in buckets, and what is found goes back to the shards.

What a shard can tell from its own rows it keeps to itself, so that text which very many documents have is as little
work for a bucket as any other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa

from filters.clusters.nodes import ROW_BITS
from pipelines.dedup.setting import Setting, numbers
from pipelines.engine.exchange import ExchangeWriter, read_bucket, read_table
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, Shard
from pipelines.engine.upstream import only_output
from schemas.manifest import OutputFile

GATHERED_BYTES = 16 << 20
"""Rows of a shard that are looked at together before they are sent."""

Combine = Callable[[pa.RecordBatch], tuple[pa.RecordBatch, pa.RecordBatch]]
"""From rows to those that others must meet, and what is known already."""


@dataclass(frozen=True)
class Route:
    """The folders of one exchange there and back."""

    name: str
    key: str
    """The column (uint64) by which rows meet."""
    found: pa.Schema
    """Of what comes back; it has a column ``node``."""

    @property
    def rows_kind(self) -> str:
        """The exchange from shards to buckets."""
        return f"stages/{self.name}"

    @property
    def known_kind(self) -> str:
        """What shards know without any bucket."""
        return f"stages/{self.name}-known"

    @property
    def found_kind(self) -> str:
        """The exchange from buckets to shards."""
        return f"stages/{self.name}-found"

    def send(
        self, setting: Setting, layout: Layout, shard: Shard, batches: Iterable[pa.RecordBatch], combine: Combine
    ) -> tuple[OutputFile, OutputFile]:
        """Write the rows of a shard, of which the first batch (it may be empty) gives the schema.

        Memory: `GATHERED_BYTES` several times, and the exchange's buffer. Raises ValueError if there is no batch.
        """
        iterator = iter(batches)
        first = next(iterator, None)
        if first is None:
            raise ValueError(f"{self.name}: no batch to take the columns from")
        with (
            ExchangeWriter(layout, self.rows_kind, shard.name, first.schema, setting.buckets) as rows,
            ExchangeWriter(layout, self.known_kind, shard.name, self.found, 1) as known,
        ):
            for batch in _gathered(chain([first], iterator)):
                rest, decided = combine(batch)
                rows.write(rest, numbers(rest, self.key))
                known.write(decided, np.zeros(decided.num_rows, np.uint64))
        return only_output(rows), only_output(known)

    def receive(self, setting: Setting, layout: Layout, bucket: Bucket, schema: pa.Schema) -> pa.RecordBatch:
        """All rows of a bucket."""
        return read_table(layout, self.rows_kind, setting.shard_names, bucket.number, schema)

    def send_back(self, setting: Setting, layout: Layout, bucket: Bucket, found: pa.RecordBatch) -> OutputFile:
        """Write what a bucket has found, each row to the shard of its node."""
        with ExchangeWriter(layout, self.found_kind, bucket.name, self.found, len(setting.shard_names)) as writer:
            writer.write(found, numbers(found, "node") >> np.uint64(ROW_BITS))
        return only_output(writer)

    def found_of(self, setting: Setting, layout: Layout, shard: Shard) -> pa.RecordBatch:
        """All that is known or was found of the documents of a shard, in no order."""
        number = setting.corpus.number(shard)
        known = read_bucket(layout, self.known_kind, [shard.name], 0)
        back = read_bucket(layout, self.found_kind, setting.bucket_names, number)
        batches = [batch.replace_schema_metadata() for batch in chain(known, back)]
        table = pa.Table.from_batches(batches, self.found).combine_chunks()
        return table.to_batches()[0] if table.num_rows else pa.RecordBatch.from_pylist([], self.found)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches put together to about `GATHERED_BYTES`."""
    pending: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows:
            pending.append(batch)
        if sum(each.nbytes for each in pending) >= GATHERED_BYTES:
            yield _joined(pending)
            pending = []
    if pending:
        yield _joined(pending)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]
