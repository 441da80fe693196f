import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.batch import Batch
from filters.duplicates.groups import survivors_of_groups
from filters.duplicates.keys import halves, hex_of, text_keys, url_keys
from filters.duplicates.order import order_columns, survivor_order
from filters.errors import SettingError
from schemas.recipe.deduplicate import SurvivorKey, TextDuplicates

small = st.integers(0, 3)


@given(st.lists(st.tuples(small, small, small), max_size=30))
def test_the_first_in_order_survives_in_every_group(rows):
    keys = tuple(np.array([row[i] for row in rows], np.uint64) for i in range(2))
    order = np.argsort([row[2] for row in rows], kind="stable").astype(np.int64)
    found = survivors_of_groups(keys, order)
    place = {int(position): rank for rank, position in enumerate(order)}
    for row, survivor in enumerate(found.tolist()):
        group = [other for other in range(len(rows)) if rows[other][:2] == rows[row][:2]]
        assert survivor == min(group, key=place.__getitem__)


def large(*texts: str) -> Batch:
    text = pa.array(texts, pa.large_string())
    return Batch(text, pa.nulls(len(texts), pa.string()), pa.nulls(len(texts), pa.string()))


def same(keys: pa.Array) -> list[int]:
    values = keys.to_pylist()
    return [values.index(value) for value in values]


@pytest.mark.parametrize(
    ("normalisation", "groups"),
    [("exact", [0, 1, 2, 3, 4]), ("whitespace", [0, 0, 2, 3, 4]), ("words", [0, 0, 0, 0, 4])],
)
def test_texts_are_equal_after_their_normalisation(normalisation, groups):
    batch = large("One word.", "One \n word.", "one word!", "«One» word", "one words")
    keys = text_keys(batch, [""] * 5, TextDuplicates(normalisation=normalisation))
    assert same(keys) == groups


def test_addresses_are_equal_in_canonical_form_and_only_within_a_scope():
    addresses = pa.array(
        ["http://A.test/x?utm_source=m", "http://a.test:80/x#top", "http://a.test/y", "http://a.test/x"]
    )
    assert same(url_keys(addresses, ["", "", "", "other"])) == [0, 0, 2, 3]


def test_halves_sort_as_the_bytes_do_and_give_the_hex_back():
    keys = [bytes(range(16)), bytes(16), b"\xff" * 16, bytes([0] * 8 + [1] * 8)]
    upper, lower = halves(pa.array(keys, pa.binary(16)).slice(1))
    assert hex_of(upper, lower) == [key.hex() for key in keys[1:]]
    assert np.lexsort((lower, upper)).tolist() == [0, 2, 1]


def documents() -> pa.RecordBatch:
    signals = [{"quality": {"score": value}} for value in (0.5, None, 0.9)]
    return pa.RecordBatch.from_pydict(
        {
            "text": pa.array(["aa", "é", "a"], pa.large_string()),
            "retrieved_at": pa.array([3, 1, None], pa.timestamp("us", "UTC")),
            "signals": pa.array(signals),
        }
    )


@pytest.mark.parametrize(
    ("by", "prefer", "order"),
    [
        ("retrieved_at", "lowest", [1, 0, 2]),
        ("retrieved_at", "highest", [0, 1, 2]),
        ("text_length", "highest", [0, 2, 1]),
        ("quality.score", "highest", [2, 0, 1]),
    ],
)
def test_the_recipe_orders_survivors_and_what_has_no_value_comes_last(by, prefer, order):
    columns = order_columns(documents(), [SurvivorKey(by=by, prefer=prefer)])
    ids = np.array([2, 1, 0], np.uint64)
    assert survivor_order(np.zeros(3, bool), columns, ids, ids).tolist() == order


def test_documents_of_an_earlier_corpus_come_first_and_ids_break_ties():
    ids = np.array([3, 2, 1], np.uint64)
    earlier = np.array([True, False, False])
    assert survivor_order(earlier, [np.zeros(3)], np.zeros(3, np.uint64), ids).tolist() == [0, 2, 1]


def test_a_signal_that_was_not_measured_is_an_error_that_names_it():
    with pytest.raises(SettingError, match=r"no signal gopher\.words"):
        order_columns(documents(), [SurvivorKey(by="gopher.words", prefer="highest")])
