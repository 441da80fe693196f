"""Stage `minhash-bands`: the documents that are still alive meet in the hashes of their bands."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.minhash.bands import band_hashes
from filters.minhash.curve import bands_and_rows
from pipelines.dedup.setting import keys_kind, numbers
from pipelines.dedup.signatures import signature_values
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.rows import alive_rows
from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile
from schemas.recipe.deduplicate import MinHashSettings

SCHEMA = pa.schema([pa.field("hash", pa.uint64(), nullable=False), pa.field("node", pa.uint64(), nullable=False)])


@dataclass
class BandsStage(DedupStage):
    """Puts every document into the bucket of each of its bands: 16 bytes a band."""

    name: str = "minhash-bands"

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the signatures; memory is bounded by a row group and the exchange's buffer."""
        setting = self.setting
        alive = 0
        with ExchangeWriter(layout, keys_kind("minhash"), unit.name, SCHEMA, setting.buckets) as writer:
            for signed, rows, _ in alive_rows(setting, layout, unit, ["scope", "signature"], "minhash"):
                known = np.flatnonzero(signed.column("signature").is_valid().to_numpy(zero_copy_only=False))
                hashes = bands_of(signed.take(pa.array(known)), minhash_settings(self))
                nodes = np.repeat(setting.nodes(unit, rows[known]), hashes.shape[1])
                flat = hashes.reshape(-1)
                writer.write(pa.RecordBatch.from_arrays([pa.array(flat), pa.array(nodes)], schema=SCHEMA), flat)
                alive += len(rows)
                progress.add(len(rows), signed.nbytes, len(rows))
        return Result(
            InputFile(path=setting.corpus.signatures_uri(layout, unit), rows=alive, bytes=0),
            (only_output(writer),),
            Counts(input=alive, kept=alive),
        )


def bands_of(signed: pa.RecordBatch, settings: MinHashSettings) -> np.ndarray:
    """uint64[rows, bands] of signatures without nulls."""
    bands, rows = bands_and_rows(settings)
    return band_hashes(signature_values(signed.column("signature")), numbers(signed, "scope"), bands, rows)


def minhash_settings(stage: DedupStage) -> MinHashSettings:
    """The MinHash section of the recipe. Raises ValueError if there is none: the stages are wired wrongly."""
    if stage.setting.recipe.minhash is None:
        raise ValueError(f"stage {stage.name} needs a recipe with deduplicate.minhash")
    return stage.setting.recipe.minhash
