"""All real pages, against their index and against what warcio reads."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha1
from pathlib import Path

import pytest
import xxhash
from warcio.archiveiterator import ArchiveIterator

from pipelines.read.files import find_inputs
from pipelines.read.raw.source import open_input
from pipelines.read.read import read_source
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings

SHARDS = {
    "web/web-dev-000.warc.gz", "web/web-dev-001.warc.gz", "web/web-dev-002.warc.gz", "web/web-dev-003.warc.gz",
    "web/web-dev-004.warc.gz", "web/web-dev-recrawl.warc.gz",
}  # fmt: skip


def _index(data: Path) -> Iterator[dict]:
    for name in ("web-dev-index.jsonl.gz", "web-dev-recrawl-index.jsonl.gz"):
        with gzip.open(data / "web" / name) as file:
            for line in file:
                yield {"warc": "web-dev-recrawl.warc.gz"} | json.loads(line)


@pytest.mark.parametrize("shard", sorted(SHARDS))
def test_reads_every_page_as_the_index_and_warcio_have_it(shared_data: Path, shard: str) -> None:
    (file,) = find_inputs([str(shared_data / shard)])
    with open_input(file) as source:
        items = list(read_source(file, source, ReadSettings()))
        assert source.hexdigest() == xxhash.xxh3_128_hexdigest((shared_data / shard).read_bytes())
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) == len(items)

    entries = [entry for entry in _index(shared_data) if entry["warc"] == file.relative_name]
    assert [(record.uri, record.offset) for record in records] == [(e["url"], e["offset"]) for e in entries]

    with (shared_data / shard).open("rb") as stream:
        responses = (record for record in ArchiveIterator(stream) if record.rec_type == "response")
        for record, entry, reference in zip(records, entries, responses, strict=True):
            body = reference.content_stream().read()
            if not record.uri.startswith("http"):  # warcio parses the HTTP header of http: addresses only
                body = body.partition(b"\r\n\r\n")[2]
            assert record.uri == reference.rec_headers.get_header("WARC-Target-URI")
            assert (len(body), sha1(body).hexdigest()) == (entry["html_bytes"], entry["sha1"])
            assert record.content_digest == xxhash.xxh3_128_hexdigest(body)
            assert record.retrieved_at == datetime.fromisoformat(reference.rec_headers.get_header("WARC-Date"))


def test_there_are_3361_pages(shared_data: Path) -> None:
    assert {f"web/{path.name}" for path in (shared_data / "web").glob("*.warc.gz")} == SHARDS
    assert sum(1 for _ in _index(shared_data)) == 3361


def test_a_place_leads_back_to_the_page(shared_data: Path) -> None:
    (file,) = find_inputs([str(shared_data / "web/web-dev-004.warc.gz")])
    content = (shared_data / "web/web-dev-004.warc.gz").read_bytes()
    with open_input(file) as source:
        for record in read_source(file, source, ReadSettings()):
            assert isinstance(record, Record) and record.offset is not None and record.length is not None
            member = gzip.decompress(content[record.offset : record.offset + record.length])
            assert member.endswith(b"\r\n\r\n")
            assert f"WARC-Target-URI: {record.uri}\r\n".encode() in member[:2000]
