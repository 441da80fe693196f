"""Labels of packed sequences, against their definition, token by token."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.packing.labels import IGNORED, matrix, next_tokens
from filters.packing.positions import segment_ids
from tests.support.packed import END, facts_of, pack, random_documents

LENGTH = 64


def labels_of(rows: pa.RecordBatch) -> np.ndarray:
    return next_tokens(matrix(rows.column("tokens")), segment_ids(rows, LENGTH))


def by_definition(row: dict) -> list[int]:
    labels = [IGNORED] * LENGTH
    for segment in row["segments"]:
        for place in range(segment["start"], segment["start"] + segment["length"] - 1):
            labels[place] = row["tokens"][place + 1]
    return labels


@given(st.integers(0, 2**32), st.sampled_from([60_000, 100_000]), st.integers(1, 40))
def test_every_label_is_that_of_its_definition(seed, vocab_size, count):
    rows = pack(random_documents(count, vocab_size, seed=seed), facts_of(vocab_size))
    for part in (rows, rows.slice(seed % rows.num_rows, 3)):  # a slice has offsets that do not begin at 0
        assert labels_of(part).tolist() == list(map(by_definition, part.to_pylist()))


def test_a_label_never_crosses_to_another_document():
    rows = pack(random_documents(80, 60_000), facts_of(60_000))
    labels = labels_of(rows)
    assert (labels[matrix(rows.column("tokens")) == END] == IGNORED).all()
    assert (labels == END).any()
    assert labels.dtype == np.int32


def test_rows_of_different_lengths_are_an_error():
    with pytest.raises(ValueError, match="2 to 3 tokens"):
        matrix(pa.array([[1, 2], [1, 2, 3]], pa.large_list(pa.uint16())))
