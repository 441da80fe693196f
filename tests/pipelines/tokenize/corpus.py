"""Documents of a few sources and languages, as runs write them."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from schemas.document import document_schema
from tests.support.tokenizers import sentences

SOURCES = (("web", "crawl", "en", 60), ("web", "crawl", "zh", 20), ("code", "repositories", None, 40))
"""Source, collection, language, documents."""


def documents() -> list[dict[str, object]]:
    """Rows of documents, each a few dozen lines."""
    rows = []
    for source, collection, language, count in SOURCES:
        for number in range(count):
            name = f"{source}-{language}-{number}"
            rows.append({
                "doc_id": xxhash.xxh3_128_hexdigest(name.encode()), "text": "\n".join(sentences(len(rows), 40)),
                "uri": f"https://example.org/{name}", "source": source, "collection": collection,
                "language": language, "provenance": {"container": "made-up", "offset": number},
            })  # fmt: skip
    return rows


def write(folder: Path, rows: Sequence[dict[str, object]], shards: int) -> tuple[str, ...]:
    """The rows dealt out to files; returns the pattern that finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = document_schema(())
    for shard in range(shards):
        table = pa.Table.from_pylist(list(rows[shard::shards]), schema=schema)
        pq.write_table(table, folder / f"{shard:03}.parquet", row_group_size=7)
    return (f"{folder}/*.parquet",)
