"""The sandbox: on real pages the same as the engine called directly; pages that break engines cost only themselves."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filters.errors import SettingError
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.page import Extracted, ExtractionFailure, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import ResiliparseSettings, TrafilaturaSettings

from .conftest import Texts

SENTENCES = "<html><body><p>" + "Words that make a sentence of some length. " * 10


@pytest.mark.parametrize(
    ("engine", "every"),
    [(ResiliparseSettings(), 1), (TrafilaturaSettings(), 8), (TrafilaturaSettings(with_metadata=True, fast=True), 25)],
)
def test_real_pages_give_what_the_engine_gives(
    real_pages: list[Page], engine: ResiliparseSettings | TrafilaturaSettings, every: int
) -> None:
    pages = real_pages[::every]
    direct = prepare_engine(MODULES[engine.engine], engine)
    with ExtractionSandbox(engine) as sandbox:
        outcomes = list(sandbox.extract_many(pages))
    assert outcomes == [direct(page.html, page.url, page.fetched) for page in pages]
    assert sum(isinstance(o, Extracted) and len(o.text) > 200 for o in outcomes) > 0.8 * len(pages)


@pytest.fixture(scope="module")
def trafilatura() -> Iterator[ExtractionSandbox]:
    with ExtractionSandbox(TrafilaturaSettings(fast=True, time_limit_seconds=0.5, memory_limit_mb=256)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def resiliparse() -> Iterator[ExtractionSandbox]:
    limits = ResiliparseSettings(max_nesting=1_000_000, time_limit_seconds=0.5, memory_limit_mb=128)
    with ExtractionSandbox(limits) as sandbox:
        yield sandbox


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spliced_and_truncated_pages_never_raise(
    real_pages: list[Page], trafilatura: ExtractionSandbox, data: st.DataObject
) -> None:
    def piece() -> str:
        html = data.draw(st.sampled_from(real_pages)).html[:60_000]
        start = data.draw(st.integers(0, len(html)))
        return html[start : start + data.draw(st.integers(0, 8_000))]

    junk = data.draw(st.text(st.characters(codec=None), max_size=20))
    mixed = Page("mixed", piece() + junk + piece(), data.draw(st.sampled_from(["http://[", "x", None])))
    spliced, whole = trafilatura.extract_many([mixed, Page("whole", SENTENCES)])
    assert isinstance(spliced, Extracted)
    assert isinstance(whole, Extracted)
    assert whole.text.startswith("Words that make")
    spliced.text.encode()


def test_page_that_takes_trafilatura_minutes(trafilatura: ExtractionSandbox, texts: Texts) -> None:
    """trafilatura 2.3.1 searches a doctype with a pattern of quadratic time: 103 s of CPU for these 400 kB."""
    slow = "<!doctype html" + " /" * 200_000 + SENTENCES
    before, failed, after = texts(trafilatura, SENTENCES, slow, SENTENCES)
    assert failed == "[ExtractionTimeout]"
    assert before == after != ""
    (failure,) = trafilatura.extract_many([Page("", slow)])
    assert isinstance(failure, ExtractionFailure)
    assert failure.message == "took more than 0.5 s of CPU time"


def test_nesting_that_the_scan_lets_through_ends_at_the_time_limit(
    resiliparse: ExtractionSandbox, texts: Texts
) -> None:
    before, failed, after = texts(resiliparse, SENTENCES, "<div>" * 200_000 + "x", SENTENCES)
    assert failed == "[ExtractionTimeout]"
    assert before == after != ""


@pytest.mark.parametrize(
    "engine",
    [ResiliparseSettings(memory_limit_mb=128), TrafilaturaSettings(fast=True, memory_limit_mb=256)],
    ids=["resiliparse", "trafilatura"],
)
def test_page_that_takes_too_much_memory(engine: ResiliparseSettings | TrafilaturaSettings, texts: Texts) -> None:
    page = "<html><body>" + "<b>x</b>" * 1_000_000
    with ExtractionSandbox(engine) as sandbox:
        before, failed, after = texts(sandbox, SENTENCES, page, SENTENCES)
    assert failed == "[ExtractionMemory]"
    assert before == after != ""


def test_pages_too_large_or_too_deep_are_refused(trafilatura: ExtractionSandbox, texts: Texts) -> None:
    large = "<p>" + "x" * (50 << 20)
    before, *refused, after = texts(trafilatura, SENTENCES, large, "<div>" * 200_000, "é" * 10_000_001, SENTENCES)
    assert refused == ["[PageTooLarge]", "[PageTooDeep]", "[PageTooLarge]"]
    assert before == after != ""


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        (" ", ""),
        ("\0", ""),
        (SENTENCES.replace("sentence", "sen\0tence"), "sentence"),
        (SENTENCES.replace("sentence", "sen\ud800tence"), "sen\ufffdtence"),
        (SENTENCES.replace("sentence", "\ud83d\ude00"), "\N{GRINNING FACE}"),
        (SENTENCES.replace("sentence", "&#xD800;x"), "x"),
    ],
)
def test_odd_characters(
    resiliparse: ExtractionSandbox, trafilatura: ExtractionSandbox, texts: Texts, html: str, expected: str
) -> None:
    for sandbox in (resiliparse, trafilatura):
        (text,) = texts(sandbox, html)
        assert expected in text
        assert (text == "") == (expected == "")
        text.encode()


def test_a_setting_that_the_engine_refuses_is_an_error_at_once() -> None:
    with (
        pytest.raises(SettingError, match=r"prune_xpath: '//\[' is not an XPath expression"),
        ExtractionSandbox(TrafilaturaSettings(prune_xpath=("//[",))),
    ):
        pass
