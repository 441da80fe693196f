"""Stage `mix-strata`: what each stratum has in one part of its ring, in order."""

# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.engine.exchange import read_bucket
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.setting import KEY_SCHEMA, KEYS, STRATA
from pipelines.mix.stages.base import MixStep
from schemas.manifest import ConservationError, Counts, InputFile


@dataclass
class StrataStage(MixStep):
    """Sorts a part of the ring, and sees that no document comes twice."""

    name: str = "mix-strata"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sort by stratum and key; memory is bounded by the bucket, about 50 bytes a document."""
        batches: list[pa.RecordBatch] = []
        shards: list[np.ndarray] = []
        for number, shard in enumerate(self.setting.shard_names):
            for batch in read_bucket(layout, KEYS, [shard], unit.number):
                batches.append(batch.replace_schema_metadata())
                shards.append(np.full(batch.num_rows, number))
        table = pa.Table.from_batches(batches, KEY_SCHEMA).combine_chunks()
        keys = table["key"].to_numpy()
        self._refuse_repeated(keys, np.concatenate([*shards, np.zeros(0, np.int64)]))
        table = table.sort_by([("stratum", "ascending"), ("key", "ascending")])
        name = layout.data(STRATA, unit.name)
        with ShardWriter(layout.uri(name), name, KEY_SCHEMA, self.setting.mixture.write) as writer:
            for batch in table.to_batches():
                writer.write(batch)
        progress.add(len(table), table.nbytes, len(table))
        return Result(
            InputFile(path=f"{KEYS}/{unit.name}", rows=len(table), bytes=table.nbytes),
            (only_output(writer),),
            Counts(input=len(table), kept=len(table)),
        )

    def _refuse_repeated(self, keys: np.ndarray, shards: np.ndarray) -> None:
        """Raise ConservationError where a document stands twice in the token shards."""
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        if len(same):
            first, second = (self.setting.shard_names[shards[order[place]]] for place in (same[0], same[0] + 1))
            raise ConservationError(
                f"documents stand twice in the token shards ({len(same)} in {first!r} and {second!r} or others): they "
                "would be counted and read twice. Give each document once, or deduplicate by doc_id"
            )
