"""The file of an index holds what was indexed, and says so where it does not."""

import random

import numpy as np
import pyarrow as pa
import pytest

from filters.ngrams import index_file
from filters.ngrams.benchmarks import index_items
from filters.ngrams.index_file import IndexFileError, fingerprint, load_index, serialise
from filters.ngrams.show import item_part, ngram_text
from schemas.benchmark import BenchmarkItem, IndexSettings
from tests.support.benchmarks import index_of

ITEMS = [
    BenchmarkItem(suite=suite, split="test", item_id=str(number), question=f"{suite} asks {question}", answers=("yes",))
    for suite in ("one", "two")
    for number, question in enumerate(("which river is the longest of all", "who wrote the first of the letters", "?"))
]
FILES = {(suite, "", "test", ""): (f"{suite}.jsonl",) for suite in ("one", "two")}


@pytest.fixture
def path(tmp_path):
    _, content = serialise(index_items(ITEMS, IndexSettings(), FILES))
    file = tmp_path / "benchmarks.index"
    file.write_bytes(content.to_pybytes())
    return file


def test_holds_what_was_indexed(path):
    made = index_items(ITEMS, IndexSettings(), FILES)
    read = load_index(path)
    for name in ("hashes", "lengths", "directory", "prefixes", "filter", "item_offsets", "items", "item_benchmarks"):
        assert np.array_equal(getattr(read.ngrams, name), getattr(made.ngrams, name)), name
    assert read.item_ids.to_pylist() == ["0", "1", "2"] * 2
    assert read.prompts[1].as_py() == "one asks who wrote the first of the letters"
    assert [about.name for about in read.metadata.benchmarks] == ["one/test", "two/test"]
    assert [about.files for about in read.metadata.benchmarks] == [("one.jsonl",), ("two.jsonl",)]
    assert fingerprint(read) == read.metadata.fingerprint
    assert load_index(path) is read


def test_the_same_items_in_any_order_are_the_same_bytes(path):
    shuffled = random.Random(1).sample(ITEMS, len(ITEMS))
    index, content = serialise(index_items(shuffled, IndexSettings(), FILES))
    assert content.to_pybytes() == path.read_bytes()
    changed, _ = serialise(index_items(ITEMS[:-1], IndexSettings(), FILES))
    assert changed.metadata.fingerprint != index.metadata.fingerprint


def test_a_revision_is_a_digest_of_the_items_unless_it_is_given():
    (first,) = index_of(["a question of some words"]).metadata.benchmarks
    (second,) = index_of(["another question of some words"]).metadata.benchmarks
    assert first.revision.startswith("xxh3:")
    assert first.revision != second.revision
    named = [item.model_copy(update={"revision": "abc"}) for item in ITEMS[:1]]
    index = index_items(named, IndexSettings(), {("one", "", "test", "abc"): ()})
    assert index.metadata.benchmarks[0].revision == "abc"


def test_shows_n_grams_as_items_write_them():
    index = index_of(["When, oh when,\ndoes the Boat leave?"], shortest=4)
    texts = {ngram_text(index, ngram) for ngram in range(index.ngrams.ngrams)}
    assert texts == {"When, oh when, does the Boat leave"}
    assert item_part(index, 0, 0, 0, context=0)[0] == "[When, oh when, does the Boat leave] …"


def test_refuses_what_is_no_index(path, tmp_path):
    with pytest.raises(
        IndexFileError, match=r"missing\.index cannot be opened: No such file .*orchard benchmarks build"
    ):
        load_index(tmp_path / "missing.index")
    content = path.read_bytes()
    for size in (0, 1, 100, len(content) // 2, len(content) - 1):
        cut = tmp_path / f"cut-{size}.index"
        cut.write_bytes(content[:size])
        with pytest.raises(IndexFileError, match="is no whole benchmark index"):
            load_index(cut)
    other = tmp_path / "other.index"
    with pa.ipc.new_file(str(other), pa.schema([("x", pa.int64())])) as writer:
        writer.write_table(pa.table({"x": [1]}))
    with pytest.raises(IndexFileError, match="schema is not named, expected benchmark-index"):
        load_index(other)
    with pytest.raises(IndexFileError, match=r"cannot be opened|no whole"):
        load_index(tmp_path)


def test_refuses_another_normalisation(path, monkeypatch):
    monkeypatch.setattr(index_file, "NORMALISATION", "something else")
    with pytest.raises(IndexFileError, match="not 'something else'; build it again"):
        load_index(path)
