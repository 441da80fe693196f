"""The engine ``orchard`` on hostile pages: whatever the page, it ends, with valid text, the same each time."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.check import check_page, same_words
from benchmarks.fuzz.pages import HOSTILE, LONGEST, MARKS, TAGS, mutate, real_pages, sample_pages
from pipelines.extract.engines.orchard import load_classifier
from pipelines.extract.model.classify import BlockClassifier
from pipelines.extract.page import Extracted, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import OrchardSettings

SEEDS = st.integers(0, 2**32)
PIECES = st.one_of(st.sampled_from((*TAGS, *MARKS)), st.text(max_size=8))
LARGE = 50_000_000
"""Characters; made of tables or lists, such a page takes up to 3.5 GB, and the sandbox ends it."""
LARGE_ONES = ("nested elements", "open quotes", "open comments", "a long attribute", "a long reference", "hashes")


@pytest.fixture(scope="module")
def classifier() -> BlockClassifier:
    return load_classifier(OrchardSettings())


@pytest.fixture(scope="module")
def some_real_pages(shared_data: Path) -> list[str]:
    return real_pages(shared_data / "web", every=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(SEEDS)
def test_mutants_of_samples(classifier: BlockClassifier, seed: int) -> None:
    page = mutate(sample_pages(), random.Random(seed))
    check_page(page, classifier)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(SEEDS)
def test_mutants_of_real_pages(classifier: BlockClassifier, some_real_pages: list[str], seed: int) -> None:
    page = mutate(some_real_pages, random.Random(seed))
    assert len(page) <= LONGEST
    check_page(page, classifier)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=60))
def test_pages_of_pieces(classifier: BlockClassifier, pieces: list[str]) -> None:
    check_page("".join(pieces), classifier)


@pytest.mark.parametrize("name", HOSTILE)
def test_pages_made_to_break_programs(classifier: BlockClassifier, name: str) -> None:
    check_page(HOSTILE[name](20_000), classifier)


def test_samples_have_text_to_lose() -> None:
    texts = [check_page(page) for page in sample_pages()]
    assert len(texts) >= 4
    assert all(len(text) > 150 for text in texts)


def test_words_that_differ_are_noticed() -> None:
    assert same_words("- a\n- **b**\n\n```python\nc\n```", "a\nb\nc")
    assert not same_words("- a\n- b", "a\nb\nc")
    assert not same_words("[a](b", "a")


@pytest.mark.slow
def test_pages_of_50_mb_take_bounded_memory() -> None:
    """Each in the sandbox with the memory that a recipe allows by default, as Markdown with links."""
    bounds = OrchardSettings(
        fallback="none", output_format="markdown", include_links=True, time_limit_seconds=600,
        max_page_bytes=2 * LARGE, max_nesting=2 * LARGE,
    )  # fmt: skip
    pages = (Page(name, HOSTILE[name](LARGE)) for name in LARGE_ONES)
    with ExtractionSandbox(bounds) as sandbox:
        outcomes = list(sandbox.extract_many(pages))
    assert [type(outcome) for outcome in outcomes] == [Extracted] * len(LARGE_ONES)
