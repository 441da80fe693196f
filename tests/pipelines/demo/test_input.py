"""The demo's input: real pages, the same bytes each time, used again while they are right."""

import gzip
import re
import sys
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.demo.input import RECORD, existing_input, make_input
from pipelines.demo.modules import installed_sites

LIMIT = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "input"
    make_input(folder, LIMIT)
    return folder


def records(folder):
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                yield record, record.content_stream().read().decode()


def test_the_standard_library_and_packages_are_listed_without_importing_them():
    loaded = set(sys.modules)
    sites = {site.host: site for site in installed_sites()}
    assert {"python.example.org", "numpy.example.org", "scipy.example.org"} <= set(sites)
    python = sites["python.example.org"].modules
    assert {"os", "json.decoder", "email.mime.text", "zipfile"} <= set(python)
    assert not {"this", "antigravity", "test", "idlelib", "turtle"} & set(python)
    assert not any(part.startswith("_") for site in sites.values() for name in site.modules for part in name.split("."))
    assert not {name for name in set(sys.modules) - loaded if name.startswith("scipy.stats")}


def test_pages_are_responses_with_real_documentation(folder):
    found = list(records(folder))
    made = existing_input(folder, LIMIT)
    assert made is not None
    assert len(found) == made.pages >= LIMIT // 2
    assert made.pages + len(made.failed) + len(made.too_big) == LIMIT
    for record, page in found:
        assert record.rec_type == "response"
        assert record.http_headers.get_header("Content-Type") == "text/html; charset=utf-8"
        assert re.fullmatch(r"https://\w+\.example\.org/[\w.]+/[\w.]+\.html", record.rec_headers["WARC-Target-URI"])
        assert len(page) > 500
        assert "<title>Python: " in page


def test_nothing_of_this_machine_is_in_the_pages(folder):
    for _, page in records(folder):
        assert sys.prefix not in page
        assert 'href="file:' not in page
        assert not re.search(r"at(&nbsp;| )0x[0-9a-f]{4,}", page)


def test_each_record_is_a_gzip_member(folder):
    for path in folder.glob("*.warc.gz"):
        with path.open("rb") as file:
            iterator = ArchiveIterator(file)
            offsets = [iterator.get_record_offset() for _ in iterator]
        data = path.read_bytes()
        for start, end in zip(offsets, [*offsets[1:], len(data)], strict=True):
            assert gzip.GzipFile(fileobj=BytesIO(data[start:end])).read(5) == b"WARC/"


def test_the_bytes_do_not_depend_on_the_run_or_the_workers(folder, tmp_path):
    made = existing_input(folder, LIMIT)
    assert made is not None
    assert make_input(tmp_path / "again", LIMIT, workers=1).digests == made.digests


def test_another_limit_is_another_input(folder):
    assert existing_input(folder, LIMIT + 1) is None
    assert existing_input(folder) is None


@pytest.mark.parametrize("damage", ["missing shard", "changed shard", "broken record", "missing folder"])
def test_damaged_input_is_made_again(folder, tmp_path, damage):
    copy = tmp_path / "input"
    made = make_input(copy, 4)
    assert existing_input(copy, 4) == made
    shard = next(copy.glob("*.warc.gz"))
    match damage:
        case "missing shard":
            shard.unlink()
        case "changed shard":
            shard.write_bytes(shard.read_bytes()[:-1])
        case "broken record":
            (copy / RECORD).write_text("{")
        case "missing folder":
            copy.rename(tmp_path / "elsewhere")
    assert existing_input(copy, 4) is None
    assert make_input(copy, 4) == made
    assert existing_input(copy, 4) == made
