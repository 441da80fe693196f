"""Labels in files, and the pages that they are for."""

import gzip
import json
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.extract.labelled import LabelledPage, read_labelled
from pipelines.extract.labels import LabelError, read_labels, registered_domain
from pipelines.read.files import InputError

FIRST, SECOND = "<urn:uuid:00000000-0000-0000-0000-000000000001>", "<urn:uuid:00000000-0000-0000-0000-000000000002>"


@pytest.fixture
def warc(tmp_path: Path) -> str:
    path = tmp_path / "pages.warc.gz"
    pages = {FIRST: ("https://a.example.org/1", "<p>Grüße".encode("latin-1")), SECOND: ("https://b.co.uk/2", b"<p>2")}
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for name, (url, body) in pages.items():
            compressed = gzip.compress(body)
            http = StatusAndHeaders(
                "200 OK",
                [("Content-Type", "text/html; charset=iso-8859-1"), ("Content-Encoding", "gzip")],
                "HTTP/1.1",
            )
            headers = {"WARC-Record-ID": name, "WARC-Date": "2020-02-03T04:05:06Z"}
            writer.write_record(
                writer.create_warc_record(
                    url, "response", BytesIO(compressed), len(compressed), http_headers=http, warc_headers_dict=headers
                )
            )
    return str(path)


def write(path: Path, *rows: object) -> str:
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_the_least_that_works(warc: str, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.jsonl", {"url": "https://a.example.org/1", "text": "Grüße"})
    (found,) = read_labelled([warc], [truth])
    assert (found.page.id, found.page.html, found.page.url) == (FIRST, "<p>Grüße", "https://a.example.org/1")
    assert str(found.page.fetched) == "2020-02-03"
    assert (found.label.kind, found.label.site, found.label.has_full_text) == ("full_text", "example.org", True)


def test_the_index_fills_in_groups_only(warc: str, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.jsonl", {"record_id": FIRST, "with": "a", "author": ["A", "B"], "lang": "de"}, "")
    index = write(
        tmp_path / "index.jsonl",
        {"record_id": FIRST, "site": "x", "lang": "en", "page_type": "forum", "date": "2020-02-03", "offset": 3},
    )
    (found,) = read_labelled([warc], [truth], [index])
    label = found.label
    assert (label.site, label.lang, label.page_type, label.date) == ("x", "de", "forum", "")
    assert (label.kind, label.wanted, label.author, label.has_full_text) == ("snippets", ("a",), ("A", "B"), False)


def test_nulls_are_no_fields(tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.jsonl", {"record_id": FIRST, "url": None, "text": None, "kind": "full_text"})
    assert not read_labels([truth])[FIRST].has_full_text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Invalid JSON"),
        ("[]", "[]"),
        ('{"text": "Hello"}', "neither record_id nor url"),
        ('{"url": "u", "text": 3}', "text: 3"),
        ('{"url": "u", "kind": "fulltext"}', "kind: 'fulltext': Input should be 'full_text', 'snippets'"),
        ('{"url": "u", "with": [1]}', "with.0: 1"),
        ('{"url": "first"}', "first has a label in"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    truth = write(tmp_path / "truth.jsonl", {"url": "first"}, line)
    with pytest.raises(LabelError) as error:
        read_labels([truth])
    assert str(error.value).startswith(f"{truth}:2: ")
    assert said in str(error.value)


def test_files_that_cannot_be_used(warc: str, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.jsonl", {"url": "https://elsewhere.example"})
    with pytest.raises(LabelError, match=r"none of the 1 labels .* https://elsewhere.example"):
        list(read_labelled([warc], [truth]))
    with pytest.raises(LabelError, match=r"truth.jsonl: pages are read from WARC"):
        list(read_labelled([truth], [truth]))
    with pytest.raises(LabelError, match=r"pages.warc.gz: labels are read from JSON lines"):
        read_labels([warc])
    with pytest.raises(LabelError, match="not one label"):
        read_labels([write(tmp_path / "blank.jsonl", "", " ")])
    with pytest.raises(InputError, match="there is no such file"):
        read_labels([str(tmp_path / "missing.jsonl")])
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(Path(truth).read_bytes())[:-9])
    with pytest.raises(LabelError, match=r"broken.jsonl.gz: cannot be read"):
        read_labels([str(broken)])
    Path(truth).write_bytes(b"\xff\xfe\x80")
    with pytest.raises(LabelError, match=r"truth.jsonl: cannot be read"):
        read_labels([truth])


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.bbc.co.uk/1", "bbc.co.uk"),
        ("http://fixture.test/", "fixture.test"),
        ("http://localhost/", "localhost"),
    ],
)
def test_sites(url: str, site: str) -> None:
    assert registered_domain(url) == site


@pytest.fixture(scope="module")
def real(shared_data: Path) -> list[LabelledPage]:
    web = shared_data / "web"
    truth, index = (str(web / f"web-dev-{name}.jsonl.gz") for name in ("groundtruth", "index"))
    return list(read_labelled([str(web / "web-dev-001.warc.gz")], [truth], [index]))


def test_real_labels(real: list[LabelledPage]) -> None:
    kinds = Counter(page.label.kind for page in real)
    assert kinds["full_text"] > 400
    assert kinds["snippets"] > 80
    assert len({page.page.id for page in real}) == len(real)
    assert all(page.label.site and page.label.source and page.label.licence for page in real)
    assert {page.label.page_type for page in real if page.label.source == "wcxb"} >= {"article", "forum", "product"}
    # What a label says of a page stands in it: the pages are those that the labels were made for.
    first_words = [(page.label.text.split()[0], page.page.html) for page in real if page.label.has_full_text]
    assert sum(word in html for word, html in first_words) > 0.95 * len(first_words)


def test_pages_without_a_label_come_where_they_are_asked_for(warc: str, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.jsonl", {"record_id": FIRST, "text": "Grüße"})
    index = write(tmp_path / "index.jsonl", {"record_id": SECOND, "source": "blogs", "lang": "en"})
    assert [found.page.id for found in read_labelled([warc], [truth], [index])] == [FIRST]
    labelled, other = read_labelled([warc], [truth], [index], unlabelled=True)
    assert (labelled.label.text, other.page.id) == ("Grüße", SECOND)
    assert (other.label.key, other.label.kind, other.label.has_full_text) == (SECOND, "snippets", False)
    assert (other.label.source, other.label.lang, other.label.site) == ("blogs", "en", "b.co.uk")
