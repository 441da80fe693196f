import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.conformance.texts import page_texts
from filters.lexing.utf8 import utf8
from filters.repeats.cut import cut
from filters.repeats.line_spans import line_spans
from filters.repeats.lines import line_rows, line_schema, repeated_lines
from tests.support.corpora import batches_of, documents_of, exchange

PIECES = st.sampled_from(
    ["a", "B", "b c", "É", "ß", "İ", "ΟΔΟΣ", "中文", "ไทย", "👍", ".", "don't", " ", "\t", "\x00", "\u2028"]
)
LINES = st.lists(PIECES, max_size=4).map("".join)
TEXTS = st.lists(
    st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\n\n", "\n \n"])), max_size=8), max_size=6
).map(lambda documents: ["".join(line + end for line, end in lines) for lines in documents])
UNITS = pytest.mark.parametrize("unit", ["line", "paragraph"])


def lower(text):
    return text.lower().replace("ς", "σ")


def word_count(text):
    letters = "\u0e01-\u0edf\u4e00-\u9fff"
    tokens = re.findall(rf"[{letters}]|[^\s{letters}]+", text)
    return sum(any(c.isalnum() for c in token) for token in tokens)


def units_by_definition(text, unit):
    """(start, end) of every line or paragraph in characters."""
    pattern = r"[^\n]+" if unit == "line" else r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+"
    for match in re.finditer(pattern, text):
        if match[0].strip():
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield start, start + len(match[0].strip())


def in_bytes(text, start, end):
    return len(text[:start].encode()), len(text[:end].encode())


def removed_by_definition(texts, order, unit, max_copies, min_words):
    seen, removed = {}, set()
    for row in sorted(range(len(texts)), key=lambda row: order[row]):
        for start, end in units_by_definition(texts[row], unit):
            if word_count(texts[row][start:end]) < min_words:
                continue
            having = seen.setdefault(lower(texts[row][start:end]), set())
            if len(having | {row}) > max_copies:
                removed.add((row, *in_bytes(texts[row], start, end)))
            else:
                having.add(row)
    return removed


def removed_rows(documents, results):
    rows = {node: row for row, node in enumerate(documents.node.tolist())}
    found = [(rows[r["node"]], r["start"], r["end"]) for result in results for r in result.removed.to_pylist()]
    assert len(set(found)) == len(found)
    return set(found)


@UNITS
@given(texts=TEXTS)
def test_spans_and_words_are_those_of_the_definition(unit, texts):
    spans = line_spans(*utf8(pa.array(texts, pa.large_string())), paragraphs=unit == "paragraph")
    assert list(zip(spans.document, spans.start, spans.end, spans.words, strict=True)) == [
        (row, *in_bytes(text, start, end), word_count(text[start:end]))
        for row, text in enumerate(texts)
        for start, end in units_by_definition(text, unit)
    ]


@UNITS
@given(texts=TEXTS)
def test_a_line_is_its_hash_in_lower_case(unit, texts):
    found = line_rows(documents_of(texts), unit, 1)
    assert found["hash"].to_pylist() == [
        xxhash.xxh3_64_intdigest(lower(text[start:end]).encode())
        for text in texts
        for start, end in units_by_definition(text, unit)
        if word_count(text[start:end])
    ]


def test_lower_case_is_pythons_for_every_character():
    characters = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    # A letter before and after: a lonely character may be white space, or a final sigma.
    found = line_rows(documents_of([f"x{c}x" for c in characters if c != "\n"]), "line", 1)
    expected = [xxhash.xxh3_64_intdigest(lower(f"x{c}x").encode()) for c in characters if c != "\n"]
    assert found["hash"].to_pylist() == expected


@UNITS
@given(
    texts=TEXTS,
    sizes=st.lists(st.integers(1, 3), max_size=3),
    buckets=st.integers(1, 5),
    max_copies=st.integers(1, 3),
    min_words=st.integers(1, 3),
    seed=st.integers(0, 9),
)
def test_all_but_the_first_documents_lose_a_line(unit, texts, sizes, buckets, max_copies, min_words, seed):
    order = np.random.default_rng(seed).permutation(len(texts)).tolist()
    documents = documents_of(texts, order)
    rows = [line_rows(batch, unit, min_words) for batch in batches_of(documents, sizes)]
    results = [repeated_lines(bucket, max_copies, 3) for bucket in exchange(rows, "hash", buckets, seed)]
    expected = removed_by_definition(texts, order, unit, max_copies, min_words)
    assert removed_rows(documents, results) == expected
    assert sum(r.lines for r in results) == len({lower(texts[r].encode()[a:b].decode()) for r, a, b in expected})


def test_a_document_keeps_what_it_repeats_itself():
    documents = documents_of(["la la\nla la", "la la\nlo", "la la\nla la"], [1, 0, 2])
    found = repeated_lines(line_rows(documents, "line", 2), max_copies=2, top=5)
    assert removed_rows(documents, [found]) == {(2, 0, 5), (2, 6, 11)}


def test_top_lines_name_the_first_occurrence():
    documents = documents_of(["x\nAll rights reserved", "all rights reserved", "all rights reserved\nxx yy", "xx yy"])
    found = repeated_lines(line_rows(documents, "line", 2), max_copies=1, top=5).top
    assert found.drop_columns("hash").to_pylist() == [
        {"removed": 2, "node": int(documents.node[0]), "start": 2, "end": 21},
        {"removed": 1, "node": int(documents.node[2]), "start": 20, "end": 25},
    ]
    assert len(repeated_lines(line_rows(documents, "line", 2), max_copies=1, top=1).top) == 1
    assert len(repeated_lines(line_rows(documents, "line", 2), max_copies=3, top=5).top) == 0


def test_windows_line_breaks_huge_lines_and_empty_documents():
    huge = "中文 " * 200_000
    documents = documents_of([f"one two\r\n{huge}\r\n", "", "\n\r\n \n", f"One two\n{huge}", "one\u2028two"])
    found = repeated_lines(line_rows(documents, "line", 1), max_copies=1, top=5)
    assert removed_rows(documents, [found]) == {(3, 0, 7), (3, 8, 8 + len(huge.encode()) - 1)}


def test_no_documents_and_no_rows():
    empty = line_rows(documents_of([]), "line", 1)
    assert empty.schema == line_schema(2)
    found = repeated_lines(empty, max_copies=1, top=5)
    assert (found.removed.num_rows, found.top.num_rows, found.lines) == (0, 0, 0)


def test_every_line_of_real_pages_is_left_once(shared_data):
    texts = list(page_texts([shared_data / "web" / "web-dev-004.warc.gz"]))
    documents = documents_of(texts)
    found = repeated_lines(line_rows(documents, "line", 5), max_copies=1, top=5)
    removed = removed_rows(documents, [found])
    assert removed == removed_by_definition_of_real(texts)
    row, start, end = np.array(sorted(removed)).T
    result = cut(documents.text, row, start, end)

    def counts(documents):
        return Counter(h for h in line_rows(documents, "line", 5)["hash"].to_pylist())

    before, after = counts(documents), counts(documents_of(result.text.to_pylist()))
    assert before.keys() == after.keys()
    assert repeated_lines(line_rows(documents_of(result.text.to_pylist()), "line", 5), 1, 5).removed.num_rows == 0


def removed_by_definition_of_real(texts):
    """Words counted as the kernel does, since scripts are many."""
    rows = line_rows(documents_of(texts), "line", 5)
    counted = set(
        zip((len(texts) - (n & 0xFFFFFFFF) for n in rows["node"].to_pylist()), rows["start"].to_pylist(), strict=True)
    )
    seen, removed = {}, set()
    for row, text in enumerate(texts):
        for start, end in units_by_definition(text, "line"):
            where = in_bytes(text, start, end)
            if (row, where[0]) in counted and seen.setdefault(lower(text[start:end]), row) != row:
                removed.add((row, *where))
    return removed
