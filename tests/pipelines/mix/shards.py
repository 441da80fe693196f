"""Token shards for the tests of mixtures: the same documents, dealt out to any number of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from schemas.token_shard import token_schema

VOCABULARY = 600
"""Ids that documents have are below; a tokenizer of the tests has more."""


@dataclass(frozen=True)
class Document:
    """A document of a token shard."""

    doc_id: str
    source: str
    collection: str
    tokens: list[int]


def make_documents(sizes: Mapping[tuple[str, str], int], median: float = 60, sigma: float = 1.2) -> list[Document]:
    """So many documents of each source and collection, with lengths as of web pages (log-normal)."""
    found = []
    for (source, collection), count in sizes.items():
        generator = np.random.default_rng(xxhash.xxh3_64_intdigest(f"{source}/{collection}".encode()))
        lengths = np.maximum(1, generator.lognormal(np.log(median), sigma, count)).astype(int)
        for number, length in enumerate(lengths.tolist()):
            doc_id = xxhash.xxh3_128_hexdigest(f"{source}/{collection}/{number}".encode())
            tokens = generator.integers(3, VOCABULARY, length).tolist()
            found.append(Document(doc_id, source, collection, tokens))
    return found


def write_shards(folder: Path, documents: Sequence[Document], shards: int, fingerprint: str, order: int = 0) -> str:
    """Deal the documents out to files, in an order of no meaning; returns the pattern that finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = token_schema(16, fingerprint)
    places = np.random.default_rng(order).permutation(len(documents))
    for shard in range(shards):
        rows = [documents[place] for place in places[shard::shards].tolist()]
        columns = [
            [row.doc_id for row in rows],
            [row.source for row in rows],
            [row.collection for row in rows],
            [len(row.tokens) for row in rows],
            [row.tokens for row in rows],
            [None for _ in rows],
        ]
        names = ("doc_id", "source", "collection", "length", "tokens", "uri")
        arrays = [pa.array(column, schema.field(name).type) for column, name in zip(columns, names, strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), folder / f"{shard:03}.parquet", row_group_size=97)
    return f"{folder}/*.parquet"
