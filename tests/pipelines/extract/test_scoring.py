"""Scores of extracted texts, by what they promise."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import scoring
from pipelines.extract.scoring import Score, Snippets

SCORES = (scoring.score_words, scoring.score_order, scoring.score_characters)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["the", "The", "a1", "漢字", "かな", "ประเทศไทย", "مرحبا", "-", "\n"]), max_size=30).map(
        " ".join
    ),
)
PERFECT = Score(1.0, 1.0, 1.0)
NOTHING = Score(0.0, 0.0, 0.0)


def test_a_bag_by_hand() -> None:
    assert scoring.score_words("the cat the dog", "The cat sat") == Score(
        pytest.approx(4 / 7), 0.5, pytest.approx(2 / 3)
    )


def test_cjk_counts_by_character() -> None:
    assert scoring.split_words("新聞WeChat，第2版") == ["新", "聞", "wechat", "第", "2", "版"]
    assert scoring.score_words("東京都", "京都").recall == 1.0


def test_a_word_run_is_an_ordinary_rouge_5() -> None:
    found, true = "a b c d e f", "x b c d e f"
    assert scoring.score_order(found, true) == Score(0.5, 0.5, 0.5)


@pytest.mark.parametrize("score", SCORES)
@given(found=TEXTS, true=TEXTS)
def test_scores_are_bounded_and_swap(score, found: str, true: str) -> None:
    f1, precision, recall = score(found, true)
    assert 0 <= min(precision, recall) <= f1 <= max(precision, recall) + 1e-12
    assert max(precision, recall) <= 1
    assert score(true, found) == Score(f1, recall, precision)
    if min(precision, recall) > 0:
        assert f1 == pytest.approx(2 / (1 / precision + 1 / recall))


@pytest.mark.parametrize("score", SCORES)
@given(text=TEXTS)
def test_a_text_agrees_with_itself_in_any_case(score, text: str) -> None:
    assert score(text, text) == PERFECT
    assert score(text.lower(), text) == PERFECT
    assert score("\t\n" + text.replace(" ", " \n "), text) == PERFECT


@pytest.mark.parametrize("score", SCORES)
def test_nothing_agrees_with_nothing_only(score) -> None:
    assert score("", "") == score(" ", "\n") == PERFECT
    assert score("", "words") == score("words", "") == NOTHING


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40), st.integers(0))
def test_only_the_score_of_order_sees_order(words: list[str], seed: int) -> None:
    shuffled = random.Random(seed).sample(words, len(words))
    assert scoring.score_words(" ".join(shuffled), " ".join(words)) == PERFECT


def test_order_costs_where_it_is_lost() -> None:
    words = [f"w{number}" for number in range(200)]
    backwards = " ".join(reversed(words))
    halves = " ".join(words[100:] + words[:100])
    assert scoring.score_order(backwards, " ".join(words)) == NOTHING
    assert 0.95 < scoring.score_order(halves, " ".join(words)).f1 < 1


@given(TEXTS, TEXTS)
def test_bags_agree_with_counters(found: str, true: str) -> None:
    have, want = Counter(scoring.split_words(found)), Counter(scoring.split_words(true))
    common = (have & want).total()
    f1, precision, recall = scoring.score_words(found, true)
    if have and want:
        assert (precision * have.total(), recall * want.total()) == pytest.approx((common, common))
        assert f1 == pytest.approx(2 * common / (have.total() + want.total()))


def test_snippets() -> None:
    found = "First  line\nSecond line"
    assert scoring.score_snippets(found, ["line Second", "third"], ["Menu", "First line"]) == Snippets(1, 2, 1, 2)
    assert scoring.score_snippets(found, ["line Second", "third"], ["Menu", "First line"]).satisfied == 0.5
    assert scoring.score_snippets("", [], []).satisfied == 1.0


def test_means() -> None:
    assert scoring.mean_score([PERFECT, NOTHING, Score(0.5, 0.25, 1.0)]) == Score(
        0.5, pytest.approx(1.25 / 3), pytest.approx(2 / 3)
    )
    with pytest.raises(ValueError, match="no scores"):
        scoring.mean_score([])
