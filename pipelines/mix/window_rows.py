"""The readings of a file, window by window, out of the exchange."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.mixture.keys import Integers, Keys
from filters.mixture.order import reading_order, windows
from filters.packing.fill import Texts
from filters.packing.rows import Documents
from pipelines.engine.exchange import read_bucket
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket
from pipelines.mix.setting import SPREAD, Setting
from schemas.manifest import ConservationError
from schemas.mix_plan import MixPlan


@dataclass(frozen=True)
class Window:
    """Readings of documents that are packed together; arrays are in the reading order."""

    rows: pa.RecordBatch
    """In no order."""
    order: Integers
    """int64: the rows in the reading order."""

    def column(self, name: str) -> np.ndarray:
        """A column of numbers."""
        return self.rows.column(name).to_numpy()[self.order]

    @property
    def times(self) -> Keys:
        """uint64: when each is read."""
        return self.column("time")

    @cached_property
    def lengths(self) -> Integers:
        """int64: tokens of each, without those around it."""
        return pc.list_value_length(self.rows.column("tokens")).to_numpy()[self.order].astype(np.int64)

    def documents(self, sources: pa.StringArray) -> Documents:
        """What is packed; ``sources`` gives the source class of each stratum."""
        tokens = self.rows.column("tokens")
        texts = Texts(tokens.values.to_numpy(), tokens.offsets.to_numpy()[:-1][self.order], self.lengths)
        return Documents(
            texts=texts,
            doc_id=self.rows.column("doc_id").take(pa.array(self.order)),
            source=sources.take(pa.array(self.column("stratum"))),
            epoch=self.column("epoch"),
        )


def read_windows(layout: Layout, setting: Setting, plan: MixPlan, bucket: Bucket) -> Iterator[Window]:
    """The windows of a file in their order, none for a file that the plan has no use for.

    Memory: one window; the rest lies in the files of the exchange, which are memory-mapped on a local disk.
    """
    part, file = setting.part_of(bucket)
    planned = plan.parts[setting.parts.index(part)]
    if file >= planned.files:
        return
    schema = setting.spread_schema()
    batches = [
        batch.replace_schema_metadata() for batch in read_bucket(layout, SPREAD, setting.shard_names, bucket.number)
    ]
    numbers = [windows(batch.column("time").to_numpy(), planned.windows) for batch in batches]
    each = planned.windows // planned.files
    for window in range(file * each, (file + 1) * each):
        some = [batch.filter(pa.array(found == window)) for batch, found in zip(batches, numbers, strict=True)]
        table = pa.Table.from_batches(some, schema).combine_chunks()
        if table.num_rows:
            rows = table.to_batches()[0]
            yield Window(rows, _once(rows, reading_order(*_numbers(rows))))


def _numbers(rows: pa.RecordBatch) -> list[np.ndarray]:
    return [rows.column(name).to_numpy() for name in ("time", "key", "epoch")]


def _once(rows: pa.RecordBatch, order: Integers) -> Integers:
    """The order without readings that are there already, of a document that stands in the shards several times.

    Raises ConservationError where their tokens differ.
    """
    numbers = [column[order] for column in _numbers(rows)]
    same = np.flatnonzero(np.logical_and.reduce([column[1:] == column[:-1] for column in numbers]))
    tokens, doc_ids = rows.column("tokens"), rows.column("doc_id")
    for first, second in zip(order[same].tolist(), order[same + 1].tolist(), strict=True):
        if tokens[first] != tokens[second] or doc_ids[first] != doc_ids[second]:
            raise ConservationError(
                f"{doc_ids[first]} and {doc_ids[second]} are one document by their keys, but have other tokens: give "
                "one of them only, or change the seed if the doc_ids differ"
            )
    return np.delete(order, same + 1)
