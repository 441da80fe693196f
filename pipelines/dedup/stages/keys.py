"""Stages `url-keys`, `text-keys`: the documents that are still alive meet by a key."""

# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.duplicates.keys import halves
from pipelines.dedup.setting import IDENTITY, hex_to_keys, keys_kind, numbers
from pipelines.dedup.signatures import order_names
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.rows import alive_rows
from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile


@dataclass
class KeysStage(DedupStage):
    """Puts every document into the bucket of its key."""

    step: str = ""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the signatures; memory is bounded by a row group and the exchange's buffer."""
        setting, schema = self.setting, self.setting.key_schema()
        key = "doc_id" if self.step == IDENTITY else f"{self.step}_key"
        more = ["captured"] if self.step == "url" else []
        columns = list(dict.fromkeys(["doc_id", "scope", *order_names(setting.recipe), key, *more]))
        alive = 0
        with ExchangeWriter(layout, keys_kind(self.step), unit.name, schema, setting.buckets) as writer:
            for signed, rows, state in alive_rows(setting, layout, unit, columns, self.step):
                upper, lower = halves(hex_to_keys(signed.column(key)) if key == "doc_id" else signed.column(key))
                if key == "doc_id":
                    upper = upper ^ numbers(signed, "scope")  # the other keys have the scope in them
                common = setting.common_columns(unit, signed, state, rows)
                batch = pa.RecordBatch.from_arrays(
                    [pa.array(upper), pa.array(lower), pa.array(self._first(signed)), *common], schema=schema
                )
                writer.write(batch, lower)
                alive += len(rows)
                progress.add(len(rows), batch.nbytes, len(rows))
        return Result(
            InputFile(path=setting.corpus.signatures_uri(layout, unit), rows=alive, bytes=0),
            (only_output(writer),),
            Counts(input=alive, kept=alive),
        )

    def _first(self, signed: pa.RecordBatch) -> np.ndarray:
        """What decides before the order of survivors (float64[rows], lower first): for captures of a page, the time."""
        url = self.setting.recipe.url
        if self.step != "url" or url is None or url.keep == "survivor":
            return np.zeros(signed.num_rows)
        time = signed.column("captured").cast(pa.int64()).cast(pa.float64()).fill_null(np.nan)
        times = time.to_numpy(zero_copy_only=False)
        return np.where(np.isnan(times), np.inf, -times if url.keep == "newest" else times)
