"""Stage `minhash-candidates`: documents with a band hash in common are tied to one of them."""

from dataclasses import dataclass

import pyarrow as pa

from filters.clusters.edges import StarEdges, star_edges
from pipelines.dedup.edge_files import SCHEMA as EDGES
from pipelines.dedup.setting import keys_kind, numbers
from pipelines.dedup.stages.bands import SCHEMA, minhash_settings
from pipelines.dedup.stages.base import DedupStage
from pipelines.engine.exchange import read_table
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, Finding, InputFile

CANDIDATES = "stages/minhash-candidates"


@dataclass
class CandidatesStage(DedupStage):
    """Groups a bucket by hash; n documents give n - 1 edges, however many they are."""

    name: str = "minhash-candidates"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sort a bucket; memory is bounded by five times its size."""
        target = layout.data(CANDIDATES, unit.name)
        bucket = read_table(layout, keys_kind("minhash"), self.setting.shard_names, unit.number, SCHEMA)
        found = star_edges(
            numbers(bucket, "hash"), numbers(bucket, "node"), hot_members=minhash_settings(self).bucket_cap
        )
        with ShardWriter(layout.uri(target), target, EDGES, self.setting.write) as writer:
            writer.write(pa.RecordBatch.from_arrays([pa.array(found.centres), pa.array(found.members)], schema=EDGES))
        progress.add(bucket.num_rows, bucket.nbytes, len(found.members))
        return Result(
            InputFile(path=f"{keys_kind('minhash')}/{unit.name}", rows=bucket.num_rows, bytes=bucket.nbytes),
            (only_output(writer),),
            Counts(input=bucket.num_rows, kept=bucket.num_rows),
            _findings(found),
        )


def _findings(found: StarEdges) -> tuple[Finding, ...]:
    return (
        Finding.of(
            "minhash.hot_bands",
            len(found.hot),
            "band hashes that more documents share than `bucket_cap`: boilerplate as a rule; nothing is left out here, "
            "but not all their pairs are compared",
            (f"{group.members:,} documents share band hash {group.band_hash:016x}" for group in found.hot),
        ),
    )
