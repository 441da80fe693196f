"""Rows of packed shards as matrices, against the definition of each value, token by token."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.packing.rows import IGNORED, PackedRows, matrix
from tests.support.packed import END, facts_of, pack, random_documents


def batch_of(table: pa.Table) -> pa.RecordBatch:
    (batch,) = table.combine_chunks().to_batches()
    return batch


def by_definition(row: dict) -> tuple[list[int], list[int], list[int]]:
    """Segment ids, positions and labels of a row."""
    ids, positions, labels = [0] * 64, [0] * 64, [IGNORED] * 64
    for number, segment in enumerate(row["segments"], 1):
        for position in range(segment["length"]):
            place = segment["start"] + position
            ids[place], positions[place] = number, position
            if position + 1 < segment["length"]:
                labels[place] = row["tokens"][place + 1]
    return ids, positions, labels


@given(st.integers(0, 2**32), st.sampled_from([60_000, 100_000]), st.integers(1, 40))
def test_every_value_is_that_of_its_definition(seed, vocab_size, count):
    table = pack(random_documents(count, vocab_size, seed=seed), facts_of(vocab_size))
    first = seed % table.num_rows
    for part in (table, table.slice(first, 3)):  # a slice has offsets that do not begin at 0
        rows = PackedRows.of(batch_of(part))
        for number, row in enumerate(part.to_pylist()):
            ids, positions, labels = by_definition(row)
            assert rows.tokens[number].tolist() == row["tokens"]
            assert rows.segment_ids[number].tolist() == ids
            assert rows.positions[number].tolist() == positions
            assert rows.labels[number].tolist() == labels


def test_slices_of_a_batch_are_read_from_their_own_offset():
    table = pack(random_documents(50, 60_000), facts_of(60_000))
    whole = PackedRows.of(batch_of(table))
    part = PackedRows.of(batch_of(table).slice(7, 9))
    assert (part.tokens == whole.tokens[7:16]).all()
    assert (part.segment_ids == whole.segment_ids[7:16]).all()
    assert (part.labels == whole.labels[7:16]).all()


def test_a_label_never_crosses_to_another_document():
    rows = PackedRows.of(batch_of(pack(random_documents(80, 60_000), facts_of(60_000))))
    assert (rows.labels[rows.tokens == END] == IGNORED).all()
    assert (rows.labels == END).any()
    assert rows.labels.dtype == rows.positions.dtype == rows.segment_ids.dtype == np.int32


def test_an_empty_batch_has_no_rows():
    table = pack(random_documents(3, 60_000), facts_of(60_000)).slice(0, 0)
    batch = pa.RecordBatch.from_pylist([], schema=table.schema)
    assert PackedRows.of(batch).segment_ids.shape[0] == 0


def test_rows_of_different_lengths_are_an_error():
    with pytest.raises(ValueError, match="2 to 3 tokens"):
        matrix(pa.array([[1, 2], [1, 2, 3]], pa.large_list(pa.uint16())))
