"""Rows of packed shards: tokens stand where the segments say, and positions follow from the segments."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.packing.fill import Texts
from filters.packing.positions import position_ids, segment_ids
from filters.packing.rows import Documents, packed_rows
from filters.packing.teacher import with_labels
from filters.packing.window import METHODS, pack_window
from schemas.packed_shard import PackedFacts, packed_schema, read_facts

END, PADDING = 1, 0


def facts(sequence_length: int, begin: int | None, vocab_size: int = 60_000) -> PackedFacts:
    return PackedFacts("core", sequence_length, vocab_size, PADDING, begin, END, 7, "best-fit", "f" * 32)


def pack(texts: list[list[int]], facts: PackedFacts, method, teacher: bool = False) -> pa.RecordBatch:
    around = 1 if facts.begin_id is None else 2
    counts = np.array([len(text) for text in texts], np.int64)
    ids = np.array([token for text in texts for token in text], np.uint16 if facts.bits == 16 else np.uint32)
    documents = Documents(
        Texts(ids, np.cumsum(counts) - counts, counts),
        pa.array([f"{number:032x}" for number in range(len(texts))], pa.string()),
        pa.array(["web"] * len(texts), pa.string()),
        np.arange(len(texts)) % 3,
    )
    chances = np.arange(len(texts), dtype=np.uint64)
    packing = pack_window(counts + around, chances, method, facts.sequence_length)
    return packed_rows(documents, packing, 100, packed_schema(facts, teacher=teacher), facts)


texts_lists = st.lists(st.lists(st.integers(5, 59_999), max_size=40), min_size=1, max_size=20)


@given(texts_lists, st.integers(2, 30), st.sampled_from([None, 3]), st.sampled_from(METHODS))
def test_every_segment_gives_back_its_part_of_the_document(texts, sequence_length, begin, method):
    wanted = facts(sequence_length, begin)
    rows = pack(texts, wanted, method)
    rows.validate(full=True)
    assert read_facts(rows.schema) == wanted
    whole = [[*([] if begin is None else [begin]), *text, END] for text in texts]
    seen = [[False] * len(text) for text in whole]
    for number, row in enumerate(rows.to_pylist()):
        assert row["index"] == 100 + number
        assert len(row["tokens"]) == sequence_length
        place = 0
        for segment in row["segments"]:
            assert segment["start"] == place
            document, offset = int(segment["doc_id"], 16), segment["document_offset"]
            place += segment["length"]
            expected = whole[document][offset : offset + segment["length"]]
            assert row["tokens"][segment["start"] : place] == expected
            assert segment["epoch"] == document % 3
            for token in range(offset, offset + segment["length"]):
                assert not seen[document][token]
                seen[document][token] = True
        assert place == row["length"]
        assert row["tokens"][place:] == [PADDING] * (sequence_length - place)
    assert all(all(marks) for marks in seen)


@given(texts_lists, st.integers(2, 30), st.sampled_from(METHODS))
def test_segment_and_position_ids_say_what_the_segments_say(texts, sequence_length, method):
    rows = pack(texts, facts(sequence_length, None), method)
    of_segment, of_document = position_ids(rows, sequence_length), position_ids(rows, sequence_length, of_document=True)
    for number, row in enumerate(rows.to_pylist()):
        expected = np.zeros((3, sequence_length), int)
        for place, segment in enumerate(row["segments"]):
            own = slice(segment["start"], segment["start"] + segment["length"])
            expected[0, own] = place + 1
            expected[1, own] = range(segment["length"])
            expected[2, own] = np.arange(segment["length"]) + segment["document_offset"]
        assert np.array_equal(segment_ids(rows, sequence_length)[number], expected[0])
        assert np.array_equal(of_segment[number], expected[1])
        assert np.array_equal(of_document[number], expected[2])


def test_ids_of_a_large_vocabulary_do_not_overflow():
    rows = pack([[70_000, 2**20]], facts(4, None, vocab_size=2**21), "best-fit")
    assert rows.column("tokens").to_pylist() == [[70_000, 2**20, END, PADDING]]


def test_labels_of_a_teacher_count_where_the_next_token_is_of_the_same_document():
    rows = pack([[11, 12], [21, 22, 23]], facts(8, None), "concatenate", teacher=True)
    assert rows.column("tokens").to_pylist() == [[11, 12, END, 21, 22, 23, END, PADDING]]
    assert rows.column("teacher_weight").to_pylist() == [[0.0] * 8]
    labelled = with_labels(rows, np.arange(30, 38)[None, :])
    assert labelled.column("teacher_token").to_pylist() == [[30, 31, 0, 33, 34, 35, 0, 0]]
    weight = np.float32(0.9)
    assert labelled.column("teacher_weight").to_pylist() == [[weight, weight, 0, weight, weight, weight, 0, 0]]
    assert labelled.drop_columns(["teacher_token", "teacher_weight"]) == rows.drop_columns(
        ["teacher_token", "teacher_weight"]
    )


def test_labels_that_do_not_fit_are_refused():
    rows = pack([[11, 12]], facts(4, None), "best-fit", teacher=True)
    with pytest.raises(ValueError, match="each position needs one"):
        with_labels(rows, np.zeros((1, 3), np.int64))
    with pytest.raises(ValueError, match="are no ids of uint16"):
        with_labels(rows, np.full((1, 4), 70_000))
    with pytest.raises(ValueError, match="teacher: true"):
        with_labels(pack([[11]], facts(4, None), "best-fit"), np.zeros((1, 4), np.int64))
