"""Where an extractor's losses come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction.causes import find_loss, longest_run
from benchmarks.extraction.measure import Result
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.labels import Label
from pipelines.extract.page import Page
from pipelines.extract.scoring import score_words

SHOWN = "a b c d e f g h"
PAGE = f"<p>{SHOWN}</p>"


def page(true: str) -> LabelledPage:
    return LabelledPage(Page("1", PAGE), Label(url="https://a.example/", text=true))


def result(text: str) -> Result:
    return Result(text, 1.0, "", "2026-01-01 00:00", 0.5)


@pytest.mark.parametrize(
    ("true", "found", "cause"),
    [
        ("a b", "a b c d e", "over-extraction"),
        ("a b c d e", "a b", "under-extraction"),
        ("a b c", "d e f", "wrong block"),
        ("x y z a", "a", "truth not in page"),
    ],
)
def test_causes(true: str, found: str, cause: str) -> None:
    assert find_loss(page(true), result(found)).cause == cause


WORDS = st.lists(st.sampled_from([*SHOWN.split(), "x", "y"]), min_size=1, max_size=10).map(" ".join)


@given(WORDS, WORDS)
def test_the_parts_add_up_to_the_loss(true: str, found: str) -> None:
    loss = find_loss(page(true), result(found))
    assert sum(loss) == pytest.approx(1 - score_words(found, true).f1)
    assert min(loss) >= 0


def test_the_longest_run() -> None:
    assert longest_run("a x b y z c", "a b c") == "y z"
    assert longest_run("a", "a") == ""
