"""Segments are told apart by their bytes, never by a hash alone."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.utf8 import utf8
from pipelines.tokenize.cached import _table
from pipelines.tokenize.cutting.boundaries import Boundaries, by_vocabulary
from pipelines.tokenize.cutting.kinds import CODE_POINTS
from pipelines.tokenize.cutting.segments import KNOWN, Table, number_segments

CHARACTERS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab ▁é中。\u3000")), max_size=60
)


def cut(texts: list[str], boundaries: Boundaries, table: Table, known: int = 0) -> tuple[list[int], list[int], int]:
    """Numbers of all segments, how many there are up to the end of each text, and how many are known then."""
    data, offsets = utf8(pa.array(texts, pa.large_string()))
    numbers, ends = np.empty(10_000, np.int32), np.zeros(len(offsets), np.int64)
    state = np.array([0, offsets[0], known, 0], np.int64)
    assert number_segments(data, offsets, boundaries, table, (numbers, ends), state)
    return numbers[: ends[-1]].tolist(), ends.tolist(), int(state[KNOWN])


def segment(table: Table, number: int) -> str:
    return bytes(table.data[table.offsets[number] : table.offsets[number + 1]]).decode()


@given(st.lists(CHARACTERS, max_size=5), st.lists(st.text("ab ▁é中。", max_size=4), max_size=20))
def test_texts_are_cut_where_no_piece_holds_both_characters(texts, pieces):
    table = _table(4096)
    numbers, ends, known = cut(texts, by_vocabulary(pieces), table)
    inside = {piece[i : i + 2].replace("▁", " ") for piece in pieces for i in range(len(piece) - 1)}
    for text, start, end in zip(texts, ends[:-1], ends[1:], strict=True):
        parts = [segment(table, number) for number in numbers[start:end]]
        assert "".join(parts) == text
        edges = np.cumsum([len(part) for part in parts])[:-1].tolist()
        pairs = [text[i - 1 : i + 1].replace("▁", " ") for i in range(1, len(text))]
        assert edges == [i for i, pair in enumerate(pairs, 1) if pair not in inside]
    assert known == len({segment(table, number) for number in range(known)}) == len(set(numbers))


def test_equal_hashes_are_not_taken_for_equal_segments():
    everywhere = by_vocabulary([])
    together = by_vocabulary(["abc"])
    table = _table(64)
    numbers, _, known = cut(["abc"], together, table)
    assert (numbers, known) == ([0], 1)
    assert cut(["abc"], together, table, known)[0] == [0]
    table.data[:3] = np.frombuffer(b"abd", np.uint8)  # as if another segment had this hash
    assert cut(["abc"], together, table, known) == ([1], [0, 1], 2)
    assert [segment(table, number) for number in range(2)] == ["abd", "abc"]
    assert cut(["abc"], everywhere, _table(64))[0] == [0, 1, 2]


def test_characters_beyond_the_tables_exist():
    boundaries = by_vocabulary(["\U0010ffff\U0010fffe"])
    table = _table(64)
    assert len(boundaries.left) == CODE_POINTS
    assert cut(["\U0010ffff\U0010fffe\U0010ffff"], boundaries, table)[0] == [0, 1]
    assert segment(table, 0) == "\U0010ffff\U0010fffe"
