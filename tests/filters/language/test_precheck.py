"""The language pre-check: no wanted real page is skipped, most others are, and hostile pages take linear time."""

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from filters.batch import Batch
from filters.errors import SettingError
from filters.language.precheck import LONGEST_CUT, LONGEST_RUNS, prepare, samples
from schemas.steps.language_precheck import LanguagePrecheck

ENGLISH = "The quick brown fox jumps over the lazy dog, and nobody knows where it went after that day. "
GERMAN = "Der schnelle braune Fuchs springt über den faulen Hund, und niemand weiß, wohin er danach lief. "
GREEK = "Η γρήγορη καφετιά αλεπού πηδάει πάνω από το τεμπέλικο σκυλί και κανείς δεν ξέρει πού πήγε. "


def batch(*pages: str) -> Batch:
    nothing = pa.nulls(len(pages), pa.string())
    return Batch(text=pa.array(pages, pa.large_string()), uri=nothing, language=nothing)


def samples_of(page: str) -> tuple[str, str]:
    return samples(np.frombuffer(page.encode(), np.uint8))


def evidence(*pages: str, keep: tuple[str, ...] = ("en",)) -> list[float | None]:
    return prepare(LanguagePrecheck(keep=keep))(batch(*pages)).signals["wanted_evidence"].to_pylist()


@pytest.fixture(scope="module")
def labelled(shared_data: Path) -> list[tuple[str, str]]:
    """Pages and the languages that their data sets state; pages in truth in another one are left out."""
    mislabelled = ("kochbucher.com", "vegetarbloggen.no")
    with gzip.open(shared_data / "web" / "web-dev-index.jsonl.gz", "rt") as lines:
        index = {row["record_id"]: row for row in map(json.loads, lines)}
    pages = []
    for path in sorted((shared_data / "web").glob("web-dev-00[034].warc.gz")):
        with path.open("rb") as stream:
            for number, record in enumerate(ArchiveIterator(stream, record_types=WarcRecordType.response)):
                row = index[record.record_id]
                if (
                    number % 2 == 0
                    and row["lang_source"] == "dataset"
                    and not any(s in row["url"] for s in mislabelled)
                ):
                    body = record.reader.read()
                    pages.append((row["lang"][:2], bytes_to_str(body, detect_encoding(body))))
    return pages


@pytest.mark.parametrize("language", ["en", "zh", "pl", "ru", "el"])
def test_real_pages(labelled: list[tuple[str, str]], language: str) -> None:
    values = evidence(*(page for _, page in labelled), keep=(language,))
    skipped = [value is not None and value < 0.02 for value in values]
    wanted = [label == language for label, _ in labelled]
    assert sum(wanted) >= 10
    assert not any(skip and want for skip, want in zip(skipped, wanted, strict=True))
    others = [skip for skip, want in zip(skipped, wanted, strict=True) if not want]
    assert sum(others) > 0.85 * len(others)


def test_the_rule_is_a_bound_on_evidence() -> None:
    assert {code: bound.describe() for code, bound in LanguagePrecheck().rules().items()} == {
        "precheck.wanted_evidence": ">= 0.02"
    }


def test_languages_are_told_apart() -> None:
    pages = [f"<html><body><p>{text * 3}</p>" for text in (ENGLISH, GERMAN, GREEK)]
    signals = prepare(LanguagePrecheck(keep=("de",)))(batch(*pages)).signals
    assert signals["top1"].to_pylist() == ["en", "de", "el"]
    assert [value > 0.5 for value in signals["wanted_evidence"].to_pylist()] == [False, True, False]
    assert evidence(pages[1], keep=("el", "de"))[0] == pytest.approx(signals["wanted_evidence"][1].as_py())


@pytest.mark.parametrize(
    "page",
    [
        "",
        "\0",
        "<html><body></body></html>",
        f"<body><p>{GERMAN[:60]}</p>",
        f"<body><script>{ENGLISH * 9}</script>",
        f"<body><STYLE>{ENGLISH * 9}",
    ],
)
def test_pages_with_little_visible_text_are_not_judged(page: str) -> None:
    assert evidence(page) == [None]


def test_a_wanted_part_of_a_mixed_page_is_found() -> None:
    """The long runs are German, but there is English all over the page."""
    page = "<body>" + f"<p>{GERMAN * 20}</p>" + f"<p>{ENGLISH}</p>" * 30
    (value,) = evidence(page)
    assert value is not None
    assert value > 0.5
    assert samples_of(page)[0].startswith("Der schnelle")


def test_entities_are_read() -> None:
    page = "<body><p>" + "".join(f"&#{ord(letter)};" for letter in GREEK * 3) + "</p>"
    (value,) = evidence(page, keep=("el",))
    assert value is not None
    assert value > 0.5


def test_code_is_no_text() -> None:
    code = "if (this.type == 'date') { var month = this.current.getMonth(); } " * 9
    assert "month" not in samples_of(f"<body><p>{GREEK * 2}</p><pre>{code}</pre><script>'<b>' + {code}</script>")[0]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["<", ">", "<script>", "</script>", "<style", "{", "&amp;", "\n", "é" * 30, ENGLISH])))
def test_samples_are_bounded_lines(pieces: list[str]) -> None:
    for sample in samples_of("".join(pieces)):
        assert "\n" not in sample
        assert len(sample) <= LONGEST_RUNS + LONGEST_CUT + 100


@pytest.mark.parametrize("unit", ["<script", "<", ">", "<style>", "> ", ">\n", "<a>" + "x" * 24, "</script"])
def test_hostile_pages_take_linear_time(unit: str) -> None:
    """With quadratic time, 30 MB would take hours."""
    assert len(evidence("<body>" + unit * (30_000_000 // len(unit)))) == 1


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(SettingError, match="'xx'"):
        prepare(LanguagePrecheck(keep=("xx",)))
