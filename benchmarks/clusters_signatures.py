"""Signatures of documents that never were: clusters of skewed sizes and one hot band, written as shards of Parquet.

Every value is drawn by a hash of its place, so shards are written independently and are the same each time.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numba import uint32, uint64

from filters.kernel import kernel
from filters.minhash.mixing import mix
from pipelines.dedup.signatures import signature_schema
from schemas.recipe.deduplicate import Deduplicate, MinHashSettings

BANDS, ROWS = 14, 8
PERMUTATIONS = BANDS * ROWS
SHARD_DOCUMENTS = 50_000
ROW_GROUP = 10_000
HOT_DOCUMENTS = 100_000
"""Documents without a duplicate that nevertheless agree in the first band, as those of one template do."""
RECIPE = Deduplicate(minhash=MinHashSettings(bands=BANDS, rows=ROWS, bucket_cap=10_000))
SCHEMA = signature_schema(RECIPE)


def shard_rows(documents: int) -> list[int]:
    """Documents of each shard."""
    full, rest = divmod(documents, SHARD_DOCUMENTS)
    return [SHARD_DOCUMENTS] * full + [rest] * (rest > 0)


def draw_clusters(documents: int, folder: Path) -> dict[str, int]:
    """Write which cluster each document is in and whether it is hot; what there is, in numbers.

    Sizes follow Zipf's law with exponent 2.5: three of four clusters are single documents, the largest of 10 million
    documents has some twenty thousand.
    """
    generator = np.random.default_rng(documents)
    sizes = np.minimum(generator.zipf(2.5, documents), documents // 20)
    ends = np.cumsum(sizes)
    count = int(np.searchsorted(ends, documents)) + 1
    sizes = sizes[:count]
    sizes[-1] -= ends[count - 1] - documents
    clusters = generator.permutation(np.repeat(np.arange(count, dtype=np.int32), sizes))
    single = np.flatnonzero(sizes[clusters] == 1)
    hot = np.zeros(documents, np.bool_)
    hot[single[:: max(1, len(single) // HOT_DOCUMENTS)][:HOT_DOCUMENTS]] = True
    np.save(folder / "clusters.npy", clusters)
    np.save(folder / "hot.npy", hot)
    return {"clusters": int((sizes > 1).sum()), "largest": int(sizes.max()), "hot": int(hot.sum())}


def write_signatures(folder: Path, shard: int, uri: str) -> None:
    """A shard's file; members of a cluster share its signature but for a share of the rows, 1 to 25 % of them."""
    start = shard * SHARD_DOCUMENTS
    clusters = np.load(folder / "clusters.npy", mmap_mode="r")[start : start + SHARD_DOCUMENTS]
    hot = np.load(folder / "hot.npy", mmap_mode="r")[start : start + SHARD_DOCUMENTS]
    Path(uri).parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(uri, SCHEMA, use_dictionary=False, compression="none") as writer:
        for row in range(0, len(clusters), ROW_GROUP):
            values = _signatures(
                np.array(clusters[row : row + ROW_GROUP]), np.array(hot[row : row + ROW_GROUP]), start + row
            )
            packed = pa.FixedSizeBinaryArray.from_buffers(
                pa.binary(4 * PERMUTATIONS), len(values), [None, pa.py_buffer(values)]
            )
            doc_ids = pa.array([f"{start + row + i:032x}" for i in range(len(values))])
            scope, captured = np.zeros(len(values), np.uint64), np.zeros(len(values))
            writer.write_batch(pa.record_batch([doc_ids, scope, captured, packed], schema=SCHEMA))


@kernel
def _signatures(clusters: np.ndarray, hot: np.ndarray, first: int) -> np.ndarray:
    """uint32[documents, permutations]."""
    result = np.empty((len(clusters), PERMUTATIONS), np.uint32)
    for document in range(len(clusters)):
        cluster = uint64(clusters[document])
        redrawn = 0.01 + 0.24 * (mix(~cluster) >> uint64(11)) / 2.0**53
        for permutation in range(PERMUTATIONS):
            own = mix(uint64(first + document) << uint64(8) | uint64(permutation))
            if (own >> uint64(11)) / 2.0**53 >= redrawn:
                own = mix(uint64(1) << uint64(60) | cluster << uint64(8) | uint64(permutation))
            result[document, permutation] = uint32(own & uint64(0xFFFFFFFF))
        if hot[document]:
            result[document, :ROWS] = 0
    return result
