"""Stage `mix-keys`: every document goes to the part of the ring that its key is in, as a number and a length."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.mixture.keys import KEY_BITS
from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.setting import KEY_SCHEMA, KEYS, Setting
from pipelines.mix.token_rows import token_rows
from schemas.manifest import Counts, InputFile


@dataclass
class KeysStage:
    """Reads identities and lengths, no tokens."""

    setting: Setting
    fingerprint: str
    name: str = "mix-keys"
    takes_values: bool = False

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The token shard."""
        return input_source(unit)

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing runs beside."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by a row group without tokens and the exchange's buffer."""
        setting = self.setting
        around, shift = setting.vocabulary.frame.tokens, np.uint64(KEY_BITS - setting.key_buckets.bit_length() + 1)
        kept = empty = 0
        with ExchangeWriter(layout, KEYS, unit.name, KEY_SCHEMA, setting.key_buckets) as writer:
            for found in token_rows(unit.input.uri, setting.mixture.seed):
                columns = [pa.array(found.keys), found.stratum, pa.array(found.lengths + around)]
                writer.write(pa.RecordBatch.from_arrays(columns, schema=KEY_SCHEMA), found.keys >> shift)
                kept, empty = kept + len(found.keys), empty + found.empty
                progress.add(len(found.keys) + found.empty, 0, len(found.keys))
        return Result(
            InputFile(path=unit.input.uri, rows=kept + empty, bytes=unit.input.size),
            (only_output(writer),),
            Counts(input=kept + empty, kept=kept, skipped={"no tokens": empty} if empty else {}),
        )
