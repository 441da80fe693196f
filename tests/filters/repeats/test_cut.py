import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.repeats.cut import cut

PIECES = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from(["a", "é", "中", "👍", " ", "\n", "\n\n", "\r\n", "\u2028", "\x00", "\t"])
    ),
    max_size=16,
)


def large(texts):
    return pa.array(texts, pa.large_string())


def without(marked):
    """Cut what stands between « and »; returns the text that remains."""
    ranges, text = [], b""
    for i, part in enumerate(marked.replace("»", "«").split("«")):
        if i % 2:
            ranges.append((len(text), len(text) + len(part.encode())))
        text += part.encode()
    start, end = np.array(ranges, np.int64).reshape(-1, 2).T
    return cut(large([text.decode()]), np.zeros(len(start), np.int64), start, end).text.to_pylist()[0]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("one\n«two»\nthree", "one\nthree"),
        ("one\n\n«two»\n\nthree", "one\n\nthree"),
        ("one\n\n«two»\nthree", "one\n\nthree"),
        ("one\n«two»\n\nthree", "one\n\nthree"),
        ("one\n«two»\n\n«three»\nfour", "one\n\nfour"),
        ("one «two» three", "one three"),
        ("one «two»\nthree", "one\nthree"),
        ("one«, two» three", "one three"),
        ("one\n«two» three", "one\nthree"),
        ("«one» two", "two"),
        ("«one»\n\ntwo", "two"),
        ("one\n«two»", "one"),
        ("one\n«two»\n", "one\n"),
        ("one\n\n«two»\n", "one\n"),
        ("one\r\n«two»\r\nthree", "one\r\nthree"),
        ("one\r\n\r\n«two»\r\n\r\nthree", "one\r\n\r\nthree"),
        ("one\u2028«two»\u2028three", "one\u2028three"),
        ("if a:\n    «b»\n    c\nd", "if a:\n    c\nd"),
        ("if a:\n    «b»\nc", "if a:\nc"),
        ("a:\n    «b» c", "a:\n    c"),
        ("«a»\n  b\nc", "  b\nc"),
        ("前文，«重复。»后文", "前文，后文"),
        ("« one\n»two", "two"),
        ("one« two »three", "onethree"),
        (" «one» ", ""),
        ("one\n«»two", "one\ntwo"),
        ("\x00«\x00»\x00", "\x00\x00"),
    ],
)
def test_the_widest_separation_stays(marked, expected):
    assert without(marked) == expected


@given(st.lists(PIECES, max_size=4))
def test_cut_loses_the_ranges_and_nothing_but_white_space_besides(documents):
    texts = ["".join(piece for _, piece in pieces) for pieces in documents]
    rows, starts, ends = [], [], []
    for row, pieces in enumerate(documents):
        position = 0
        for is_cut, piece in pieces:
            if is_cut:
                rows, starts, ends = [*rows, row], [*starts, position], [*ends, position + len(piece.encode())]
            position += len(piece.encode())
    order = np.random.default_rng(1).permutation(len(rows))
    where = [np.array(values, np.int64)[order] for values in (rows, starts, ends)]
    result = cut(large(texts), *where)
    for row, (text, pieces) in enumerate(zip(texts, documents, strict=True)):
        found = result.text[row].as_py()
        kept = "".join(piece for is_cut, piece in pieces if not is_cut)
        assert "".join(found.split()) == "".join(kept.split())
        if not any(is_cut for is_cut, _ in pieces):
            assert found == text
        assert found.count("\n") <= text.count("\n")
        assert result.removed[row] == len(text.encode()) - len(found.encode())
        assert result.is_emptied[row] == (bool(text.strip()) and not found)
    assert result.text.to_pylist() == cut(large(texts), *(np.repeat(values, 2) for values in where)).text.to_pylist()


def test_words_are_never_glued_together():
    assert without("one «two»«three» four") == "one four"
    assert without("one «two» «three»\n\n«four» five") == "one\n\nfive"


def test_documents_without_ranges_and_slices():
    texts = large(["x" * 9, "one\n  two \n\n", "", "a b c"]).slice(1)
    result = cut(texts, np.array([2]), np.array([2]), np.array([3]))
    assert result.text.to_pylist() == ["one\n  two \n\n", "", "a c"]
    assert result.removed.tolist() == [0, 0, 2]
    assert not result.is_emptied.any()


def test_nothing_to_cut_from_nothing():
    nothing = np.zeros(0, np.int64)
    assert cut(large([]), nothing, nothing, nothing).text.to_pylist() == []
    assert cut(large(["", " "]), nothing, nothing, nothing).text.to_pylist() == ["", " "]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 4)])
def test_a_range_outside_of_its_text_is_an_error(start, end):
    with pytest.raises(ValueError, match="must lie within its text"):
        cut(large(["abc", "defgh"]), np.array([0]), np.array([start]), np.array([end]))
