"""The self-test finds what is planted, says what is missed, and comes out the same every time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.ngrams.benchmarks import words_of_texts
from filters.ngrams.index_file import load_index
from pipelines.decontaminate.build import BenchmarkSource, build_index_file
from pipelines.decontaminate.errors import BenchmarkError
from pipelines.decontaminate.plant import EDITS, LOSSLESS, plant
from pipelines.decontaminate.self_test import self_test
from pipelines.read.files import InputError
from schemas.benchmark import IndexSettings
from tests.support.benchmarks import index_of, write_rows

ITEMS = [
    f"In the year {number}, how many of the {number + 3} keys did they lose; and \"who\" (if anyone) found them again?"
    for number in range(40)
]  # fmt: skip


def run(index, patterns=(), per_benchmark=100, seed=0):
    return self_test(index, [str(pattern) for pattern in patterns], per_benchmark, seed, lambda message: None)


def test_finds_all_that_loses_no_word_and_less_of_the_rest():
    result = run(index_of([*ITEMS, "Who are you?", "..."], shortest=8))
    assert result.holds()
    assert {edit: result.total(edit).planted for edit in EDITS} == dict.fromkeys(EDITS, 41)
    assert all(result.total(edit).share == 1 for edit in LOSSLESS)
    assert result.total("2 words").share < 1
    assert (result.documents, result.flagged) == (200, 0)


def test_comes_out_the_same_for_a_seed():
    index = index_of(ITEMS)
    assert run(index, per_benchmark=7) == run(index, per_benchmark=7)
    assert run(index, per_benchmark=7).recall != run(index, per_benchmark=7, seed=1).recall


def test_fails_where_items_are_missed():
    index = index_of(ITEMS)
    blind = index.ngrams.filter.copy()
    blind[: len(blind) // 2] = 0
    broken = type(index)(
        index.metadata,
        type(index.ngrams)(**{**vars(index.ngrams), "filter": blind * 0}),
        index.item_ids,
        index.prompts,
        index.answers,
    )
    result = run(broken)
    assert not result.holds()
    assert result.total("verbatim").found == 0
    assert result.recall["made-up"]["verbatim"].missed in ITEMS


def test_reports_what_is_found_in_documents_as_they_are(tmp_path):
    texts = [{"text": f"Nothing to see here. {ITEMS[3] if number == 2 else 'Go on.'}"} for number in range(5)]
    result = run(index_of(ITEMS), [write_rows(tmp_path / "texts.jsonl", texts)])
    assert (result.documents, result.flagged) == (5, 1)
    assert dict(result.flagged_by_benchmark) == {"made-up": 1}
    assert "In the year 3, how many" in result.examples["made-up"][0].replace("[", "")


def test_refuses_documents_that_it_cannot_use(tmp_path):
    index = index_of(ITEMS)
    with pytest.raises(InputError, match="no file matches"):
        run(index, [tmp_path / "*.parquet"])
    with pytest.raises(BenchmarkError, match="no document has a text"):
        run(index, [write_rows(tmp_path / "texts.jsonl", [{"body": "x"}])])


@given(
    item=st.sampled_from([*ITEMS, "naïve cafe\u0301 «x=3.5» a-b_c don’t \u202f U.S. a.b f''(x) a:b 1:2 x''y 3,4 a,b"]),
    seed=st.integers(0, 99),
)
@pytest.mark.parametrize("edit", LOSSLESS)
def test_edits_that_lose_no_word_keep_all_words_in_order(edit, item, seed):
    edited = EDITS[edit](item, random.Random(seed))
    assert words_of_texts([edited]).hash.tolist() == words_of_texts([item]).hash.tolist()


def test_plants_as_a_paragraph_or_within_one():
    rng = random.Random(0)
    assert plant("one\ntwo", "ITEM", False, rng) == "one\n\nITEM\n\ntwo"
    assert plant("one two", "ITEM", True, rng) == "one ITEM two"
    assert plant("", "ITEM", False, rng) == "\n\nITEM\n\n"


@pytest.mark.slow
def test_recall_is_whole_on_the_real_sets(shared_data, tmp_path):
    sets = [
        str(path) for path in sorted((shared_data / "decontam").glob("*.jsonl.gz")) if "gsm8k_train" not in path.name
    ]
    path = tmp_path / "all.index"
    build_index_file(BenchmarkSource(sets), path, IndexSettings(shortest=8), lambda message: None)
    index = load_index(path)
    assert len({about.suite for about in index.metadata.benchmarks}) == 23
    result = run(index, [shared_data / "decontam" / "gsm8k_train.jsonl.gz"], per_benchmark=6)
    for name, recall in result.recall.items():
        assert {edit: recall[edit].share for edit in LOSSLESS} == dict.fromkeys(LOSSLESS, 1.0), name
    assert result.documents == 997
    assert result.flagged < 20
