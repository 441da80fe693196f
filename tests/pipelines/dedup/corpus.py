"""Small corpora for the tests, with duplicates of every kind in known places."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.document import document_id, document_schema
from schemas.fingerprint import fingerprint

SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu")
WORDS = [first + last for first in SYLLABLES for last in ("rt", "lm", "nd", "st", "ck")]
STARTED = datetime(2024, 1, 1, tzinfo=UTC)


def sentence_words(source: random.Random, count: int) -> list[str]:
    return [source.choice(WORDS) for _ in range(count)]


def document(uri: str, words: list[str], day: int, collection: str = "web") -> dict[str, object]:
    text = " ".join(words)
    return {
        "doc_id": document_id(uri, fingerprint([text, day])),
        "text": text,
        "uri": uri,
        "source": "web",
        "collection": collection,
        "retrieved_at": STARTED + timedelta(days=day),
        "provenance": {"container": "test", "offset": day, "length": len(text), "digest": None},
    }


def near(words: list[str], source: random.Random, changes: int) -> list[str]:
    """The same words with some exchanged."""
    copy = list(words)
    for position in source.sample(range(len(copy)), changes):
        copy[position] = source.choice(WORDS)
    return copy


def corpus(families: int = 60, seed: int = 1) -> list[dict[str, object]]:
    """Documents in an order of their own.

    Of every six families: one stands alone, one was captured twice at one address, one has an equal text elsewhere, one
    two near duplicates, one a chain of four, one a text so different that it is none.
    """
    source = random.Random(seed)
    rows: list[dict[str, object]] = []
    for family in range(families):
        words = sentence_words(source, 200)
        host = f"http://site{family}.test"
        rows.append(document(f"{host}/0", words, 5))
        kind = family % 6
        if kind == 1:
            rows.append(document(f"{host}/0", sentence_words(source, 150), 9))
        elif kind == 2:
            rows.append(document(f"{host}/copy", words, 3))
        elif kind == 3:
            rows += [document(f"{host}/near{i}", near(words, source, 2), 6 + i) for i in range(2)]
        elif kind == 4:
            for i in range(3):
                words = near(words, source, 2)
                rows.append(document(f"{host}/chain{i}", words, 4 - i))
        elif kind == 5:
            rows.append(document(f"{host}/other", near(words, source, 90), 6))
    source.shuffle(rows)
    return rows


def write_shards(rows: list[dict[str, object]], folder: Path, shards: int) -> str:
    """Write documents as files of a run and return the pattern that finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = document_schema([])
    for shard in range(shards):
        table = pa.Table.from_pylist(rows[shard::shards], schema)
        pq.write_table(table, folder / f"part-{shard:03}.parquet", row_group_size=16)
    return str(folder / "*.parquet")


def read(folder: Path) -> list[dict[str, object]]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
