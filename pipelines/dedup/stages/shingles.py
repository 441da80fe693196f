"""Stage `minhash-shingles`: candidates that hang together meet, with all that is needed to compare them."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.batch import Batch
from filters.minhash.curve import bands_and_rows
from filters.minhash.jaccard import shingle_sets
from filters.minhash.shingles import shingles
from pipelines.dedup.setting import Setting, numbers
from pipelines.dedup.signatures import order_names
from pipelines.dedup.stages.bands import bands_of, minhash_settings
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.components import COMPONENTS
from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import blocks, row_count, row_groups
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile
from schemas.recipe.deduplicate import MinHashSettings

SHINGLES = "stages/minhash-shingles"
BLOCK_BYTES = 2 << 20
MIX = np.uint64(0x9E3779B97F4A7C15)
"""Multiplier that spreads components, which are numbers of documents, over the buckets."""


def shingle_schema(setting: Setting, settings: MinHashSettings) -> pa.Schema:
    """The columns of the exchange; without verification there is nothing to compare."""
    fields = [pa.field("component", pa.uint64(), nullable=False), *setting.common_fields()]
    if settings.min_jaccard is not None:
        bands, _ = bands_and_rows(settings)
        fields.append(pa.field("bands", pa.list_(pa.uint64(), bands), nullable=False))
        fields.append(pa.field("shingles", pa.large_list(pa.uint64()), nullable=False))
    return pa.schema(fields)


@dataclass
class ShinglesStage(DedupStage):
    """Sends the set of shingles of every candidate, once, to the bucket of its component."""

    name: str = "minhash-shingles"

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the texts of candidates only; memory is bounded by a row group and the exchange's buffer."""
        setting = self.setting
        schema = shingle_schema(setting, minhash_settings(self))
        count = 0
        with ExchangeWriter(layout, SHINGLES, unit.name, schema, setting.buckets) as writer:
            for batch in self._candidates(unit, layout, schema):
                writer.write(batch, (numbers(batch, "component") * MIX) >> np.uint64(32))
                count += batch.num_rows
                progress.add(batch.num_rows, batch.nbytes, batch.num_rows)
        return Result(
            InputFile(path=setting.corpus.documents_uri(layout, unit), rows=count, bytes=0),
            (only_output(writer),),
            Counts(input=count, kept=count),
        )

    def _candidates(self, unit: Shard, layout: Layout, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        setting, corpus, settings = self.setting, self.setting.corpus, minhash_settings(self)
        signatures = corpus.signatures_uri(layout, unit)
        components = _component_of_rows(layout, unit, row_count(signatures))
        if not components.any():
            return
        state = setting.state(layout, unit, len(components), "minhash")
        columns = ["doc_id", "scope", *order_names(setting.recipe), "signature"]
        signed = pa.Table.from_batches(row_groups(signatures, columns)).combine_chunks()
        start = 0
        for group in row_groups(corpus.documents_uri(layout, unit), ["text"]):
            rows = start + np.flatnonzero(components[start : start + group.num_rows])
            start += group.num_rows
            offset = 0
            for block in blocks(group.take(pa.array(rows - (start - group.num_rows))), "text", BLOCK_BYTES):
                chosen = rows[offset : offset + block.num_rows]
                offset += block.num_rows
                keys = signed.take(pa.array(chosen)).to_batches()[0]
                arrays = [
                    pa.array(components[chosen] - np.uint64(1)),
                    *setting.common_columns(unit, keys, state, chosen),
                ]
                if settings.min_jaccard is not None:
                    arrays += [_band_lists(keys, settings), _shingle_lists(block, settings)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _component_of_rows(layout: Layout, unit: Shard, rows: int) -> np.ndarray:
    """uint64[rows]: the component of each row and 1, 0 where it is no candidate."""
    found = np.zeros(rows, np.uint64)
    for group in row_groups(layout.uri(layout.data(COMPONENTS, unit.name))):
        found[numbers(group, "row")] = numbers(group, "component") + np.uint64(1)
    return found


def _band_lists(keys: pa.RecordBatch, settings: MinHashSettings) -> pa.FixedSizeListArray:
    hashes = bands_of(keys, settings)
    return pa.FixedSizeListArray.from_arrays(pa.array(hashes.reshape(-1)), hashes.shape[1])


def _shingle_lists(block: pa.RecordBatch, settings: MinHashSettings) -> pa.LargeListArray:
    text = block.column("text")
    batch = Batch(text, pa.nulls(len(text), pa.string()), pa.nulls(len(text), pa.string()))
    sets = shingle_sets(shingles(batch, settings.shingle, settings.ngram))
    return pa.LargeListArray.from_arrays(pa.array(sets.offsets), pa.array(sets.hashes))
