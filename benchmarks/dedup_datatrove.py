"""datatrove's MinHash deduplication in its four stages; run by `benchmarks.dedup` in datatrove's environment.

    python dedup_datatrove.py FILES OUT WORKERS NGRAM BANDS ROWS

``FILES`` lists Parquet files of documents (``doc_id``, ``text``), one path a line. The folder ``OUT`` gets ``sig/``,
``buckets/``, ``remove/`` with cluster ids, and ``kept/``. Other columns are neither read nor written.
"""

import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.utils.hashing import HashConfig


def main() -> None:
    files, out = Path(sys.argv[1]), sys.argv[2]
    workers, ngram, bands, rows = map(int, sys.argv[3:])
    shards = len(files.read_text().splitlines())
    config = MinhashConfig(
        n_grams=ngram, num_buckets=bands, hashes_per_bucket=rows, hash_config=HashConfig(precision=64)
    )

    def run(name: str, steps: list[PipelineStep], tasks: int) -> None:
        LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=workers, logging_dir=f"{out}/logs/{name}").run()

    reader = ParquetReader("/", paths_file=str(files), id_key="doc_id", read_metadata=False)
    run("signatures", [reader, MinhashDedupSignature(f"{out}/sig", config=config)], shards)
    run("buckets", [MinhashDedupBuckets(f"{out}/sig", f"{out}/buckets", config=config)], bands)
    run("cluster", [MinhashDedupCluster(f"{out}/buckets", f"{out}/remove", config=config, save_cluster_id=True)], 1)
    run("filter", [reader, MinhashDedupFilter(f"{out}/remove"), ParquetWriter(f"{out}/kept")], shards)


if __name__ == "__main__":
    main()
