"""Charsets: real pages against their ground truth, then every way in which a declaration can be wrong."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resiliparse.extract.html2text import extract_plain_text

from pipelines.read.decode import Decoded, codec_of, decode, remove_unsafe
from pipelines.read.files import find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings

CHINESE = "中文网页的编码检测：今天天气很好，我们去公园散步吧。" * 3
JAPANESE = "日本語の文字コードを調べる：今日は天気がいいから散歩しましょう。" * 3
KOREAN = "한국어 문자 인코딩을 조사합니다. 오늘은 날씨가 좋아서 산책을 갑시다. " * 3
RUSSIAN = "Проверка кодировки русской страницы: сегодня хорошая погода, пойдёмте гулять. " * 3
GERMAN = "Prüfung der Zeichenkodierung: schöne Grüße aus Köln, „übermäßig“ viele Umlaute für 5 €. " * 3
POLISH = "Zażółć gęślą jaźń: sprawdzamy kodowanie znaków na polskiej stronie. " * 3


def meta(label: str, text: str) -> str:
    return f'<html><head><meta charset="{label}"></head><body>{text}</body></html>'


@pytest.mark.parametrize(
    ("label", "python", "text"),
    [
        ("gb2312", "gb18030", CHINESE),
        ("GBK", "gb18030", CHINESE),
        ("big5", "big5", "中文網頁的編碼檢測，今天天氣很好"),
        ("Shift_JIS", "cp932", JAPANESE + "①～"),
        ("x-sjis", "cp932", JAPANESE),
        ("euc-jp", "euc_jp", JAPANESE),
        ("iso-2022-jp", "iso2022_jp", JAPANESE),
        ("euc-kr", "cp949", KOREAN + "똠"),
        ("windows-1251", "cp1251", RUSSIAN),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("iso-8859-1", "cp1252", GERMAN),
        ("latin1", "cp1252", GERMAN),
        ("us-ascii", "cp1252", GERMAN),
        ("iso-8859-2", "iso8859-2", POLISH),
        ("windows-1250", "cp1250", POLISH),
        ("utf-8", "utf-8", CHINESE),
    ],
)
def test_labels_mean_what_browsers_make_of_them(label: str, python: str, text: str) -> None:
    in_meta = decode(meta(label, text).encode(python))
    assert (in_meta.text, in_meta.source, in_meta.refused) == (meta(label, text), "meta", ())
    in_http = decode(text.encode(python), label)
    assert (in_http.text, in_http.source) == (text, "http")


@pytest.mark.parametrize(
    ("python", "text"),
    [
        ("utf-8", CHINESE), ("gb18030", CHINESE), ("cp932", JAPANESE), ("euc_jp", JAPANESE), ("iso2022_jp", JAPANESE),
        ("cp949", KOREAN), ("cp1251", RUSSIAN), ("koi8-r", RUSSIAN), ("cp1252", GERMAN),
    ],
)  # fmt: skip
def test_detects_what_nobody_declares(python: str, text: str) -> None:
    page = f"<html><body>{text}</body></html>"
    found = decode(page.encode(python))
    assert (found.text, found.source) == (page, "detected")


def test_latin_1_called_utf_8_is_refused_and_noted() -> None:
    for found in (decode(GERMAN.encode("cp1252"), "utf-8"), decode(meta("utf-8", GERMAN).encode("cp1252"))):
        assert GERMAN in found.text
        assert (found.charset, found.source, found.refused) == ("cp1252", "detected", ("utf-8",))


def test_a_refused_header_gives_way_to_the_page() -> None:
    found = decode(meta("windows-1251", RUSSIAN).encode("cp1251"), "utf-8")
    assert (found.text, found.source) == (meta("windows-1251", RUSSIAN), "meta")
    assert found.refused == ("utf-8",)


def test_the_header_comes_before_the_page() -> None:
    found = decode(meta("windows-1252", RUSSIAN).encode("cp1251"), "windows-1251")
    assert (found.text, found.source) == (meta("windows-1252", RUSSIAN), "http")


def test_utf_8_called_latin_1_is_read_as_what_it_is() -> None:
    page = meta("iso-8859-1", GERMAN)
    assert decode(page.encode(), "iso-8859-1") == Decoded(page, "utf-8", "detected", ("cp1252",))


def test_a_few_stray_bytes_do_not_overthrow_a_declaration() -> None:
    found = decode(meta("utf-8", CHINESE).encode().replace("公".encode(), b"\xff", 1))
    assert (found.charset, found.source) == ("utf-8", "meta")
    assert found.text == meta("utf-8", CHINESE).replace("公", "\ufffd", 1)


def test_a_page_cut_inside_a_character_stays_utf_8() -> None:
    found = decode(meta("utf-8", CHINESE * 5).encode()[:-16])
    assert found.charset == "utf-8" and found.text.count("\ufffd") == 1


@pytest.mark.parametrize("python", ["utf-8-sig", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "utf-8"])
def test_a_byte_order_mark_is_believed_first(python: str, declared: str | None) -> None:
    mark = "" if python == "utf-8-sig" else "\ufeff"
    found = decode((mark + GERMAN).encode(python), declared)
    assert (found.text, found.source) == (GERMAN, "bom")


def test_a_page_that_says_utf_16_in_ascii_is_not() -> None:
    assert decode(meta("utf-16", GERMAN).encode()).text == meta("utf-16", GERMAN)


def test_an_xml_declaration_counts() -> None:
    page = f'<?xml version="1.0" encoding="iso-8859-2"?><html>{POLISH}</html>'
    assert decode(page.encode("iso8859-2")) == Decoded(page, "iso8859-2", "meta")


@pytest.mark.parametrize("label", ["none", "", "utf8mb4-ish", "x-unknown"])
def test_an_unknown_label_is_as_none(label: str) -> None:
    assert codec_of(label) is None
    assert decode(RUSSIAN.encode("cp1251"), label).text == RUSSIAN


def test_removes_nuls_and_lone_surrogates() -> None:
    assert decode(b"a\x00b\x00c").text == "abc"
    assert remove_unsafe("a\x00b\ud800c\udfffd😀") == "abcd😀"


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "gbk", "utf-16", "iso-2022-jp", "big5", "shift_jis"]))
def test_any_bytes_become_clean_text(body: bytes, label: str | None) -> None:
    text = decode(body, label).text
    text.encode()
    assert "\x00" not in text


@given(st.text(min_size=1, max_size=200), st.sampled_from([None, "utf-8", "iso-8859-1", "gbk", "shift_jis"]))
def test_utf_8_is_never_taken_for_something_else(text: str, label: str | None) -> None:
    text = text.replace("\x00", "").removeprefix("\ufeff")
    if not text.isascii():
        assert decode(text.encode(), label).text == text.removeprefix("\ufeff")


DOUBLE_ENCODED = "http://www.northnews.cn/e23d84fd6338f8d3e35a3447.html"
"""GBK that was taken for Latin-1 and stored as UTF-8 before it reached the data set: nothing can be decoded there."""
REPLACED_IN_SOURCE = "\ufffd".encode()


def _real_pages(data: Path) -> Iterator[tuple[Record, dict, dict]]:
    def lines(name: str) -> Iterator[dict]:
        with gzip.open(data / "web" / name) as file:
            yield from map(json.loads, file)

    truths = {truth["record_id"]: truth for truth in lines("web-dev-groundtruth.jsonl.gz")}
    index = {(entry["warc"], entry["offset"]): entry for entry in lines("web-dev-index.jsonl.gz")}
    for file in find_inputs([f"{data}/web/web-dev-0*.warc.gz"]):
        for record in read_records(file, ReadSettings()):
            assert isinstance(record, Record)
            entry = index[record.container, record.offset]
            yield record, entry, truths.get(entry["record_id"], {})


def _found_share(record: Record, truth: dict) -> float | None:
    """How much of the ground truth stands in the page: 4-grams of characters, or whole snippets."""
    shown = "".join(extract_plain_text(record.html or "", main_content=False, alt_texts=True).split())
    if truth.get("kind") == "full_text":
        text = "".join(truth["text"].split())
        parts = [text[start : start + 4] for start in range(0, len(text) - 4, 2)]
    else:
        parts = ["".join(snippet.split()) for snippet in truth.get("with") or []]
    return sum(part in shown for part in parts) / len(parts) if parts else None


def test_real_pages_in_old_charsets_and_chinese_japanese_korean_read_well(shared_data: Path) -> None:
    legacy = east_asian = compared = 0
    shares = []
    for record, entry, truth in _real_pages(shared_data):
        is_legacy = record.metadata["charset"] != "utf-8"
        is_east_asian = (entry["lang"] or "")[:2] in ("zh", "ja", "ko")
        if not (is_legacy or is_east_asian or "refused_charsets" in record.metadata):
            continue
        legacy += is_legacy
        east_asian += is_east_asian
        html = record.html or ""
        if is_legacy:
            assert html.count("\ufffd") <= 0.001 * sum(character > "\x7f" for character in html)
        share = _found_share(record, truth)
        if share is not None and record.uri != DOUBLE_ENCODED:
            compared += 1
            shares.append(share)
            assert share > 0.7, record.uri
    assert (legacy, east_asian) == (62, 343)
    assert compared > 300
    assert sum(shares) / len(shares) > 0.98
