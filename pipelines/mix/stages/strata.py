"""Stage `mix-strata`: what each stratum has in one part of its ring, in order."""

# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.engine.exchange import read_bucket
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.setting import KEY_SCHEMA, KEYS, STRATA
from pipelines.mix.stages.base import MixStep
from schemas.manifest import ConservationError, Counts, Finding, InputFile


@dataclass
class StrataStage(MixStep):
    """Sorts a part of the ring; a document that stands in the token shards several times is one."""

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
        once = self._once(table, np.concatenate([*shards, np.zeros(0, np.int64)]))
        distinct = table.take(pa.array(once)).sort_by([("stratum", "ascending"), ("key", "ascending")])
        name = layout.data(STRATA, unit.name)
        with ShardWriter(layout.uri(name), name, KEY_SCHEMA, self.setting.mixture.write) as writer:
            for batch in distinct.to_batches():
                writer.write(batch)
        progress.add(len(table), table.nbytes, len(distinct))
        repeated = len(table) - len(distinct)
        return Result(
            InputFile(path=f"{KEYS}/{unit.name}", rows=len(table), bytes=table.nbytes),
            (only_output(writer),),
            Counts(
                input=len(table), kept=len(distinct), skipped={"repeated in the shards": repeated} if repeated else {}
            ),
            (
                Finding.of(
                    "mix.repeated_rows",
                    repeated,
                    "rows of the token shards repeat a document that is there already; it is read as one. The corpus "
                    "was not deduplicated, or shards were given twice",
                    is_warning=True,
                ),
            ),
        )

    def _once(self, table: pa.Table, shards: np.ndarray) -> np.ndarray:
        """The rows without those that repeat a document. Raises ConservationError where it is not the same one."""
        keys, lengths = table["key"].to_numpy(), table["length"].to_numpy()
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        first, second = order[same], order[same + 1]
        strata = (table["stratum"].take(pa.array(rows)) for rows in (first, second))
        other = pc.not_equal(*strata).to_numpy() | (lengths[first] != lengths[second])
        if other.any():
            row = int(np.flatnonzero(other)[0])
            names = [self.setting.shard_names[shards[rows[row]]] for rows in (first, second)]
            raise ConservationError(
                f"{int(other.sum())} doc_id(s) stand twice in the token shards with another source, collection or "
                f"length, such as in {names[0]!r} and {names[1]!r}: which one is meant? Give one of them only"
            )
        return np.delete(order, same + 1)
