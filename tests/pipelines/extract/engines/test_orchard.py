"""The engine orchard: any page, in the sandbox and out of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract_page, extract_text
from pipelines.extract.engines.orchard import LARGEST_ROUTED, load_classifier, prepare
from pipelines.extract.engines.trafilatura import prepare as prepare_trafilatura
from pipelines.extract.features.table import NAMES, WIDTH, block_features
from pipelines.extract.page import Extracted
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import OrchardSettings, TrafilaturaSettings

SENTENCE = "These are some words to read, and there are many more of them. "
ARTICLE = (
    "<html lang=en><title>T</title><body><nav><ul><li><a href=/>Home</a><li><a href=/n>News</a></ul></nav>"
    f"<article><h1>A headline</h1><p>{SENTENCE * 4}<p>{SENTENCE * 3}<table><tr><td>{SENTENCE * 2}</table>"
    f"<p>{SENTENCE * 5}</article><footer><a href=/c>Contact</a> &copy;</footer>"
)


@pytest.fixture(scope="module")
def engine():
    return prepare(OrchardSettings(fallback="none"))


def test_an_article_is_told_from_navigation(engine):
    found = engine(ARTICLE, "https://a.example/", None)
    assert found.text.count(SENTENCE.strip()) == 14
    assert "News" not in found.text
    assert "Contact" not in found.text
    assert (found.title, found.language) in {("A headline", "en"), ("T", "en")}


def test_tables_can_be_left_out_and_markdown_written():
    bare = prepare(OrchardSettings(fallback="none", include_tables=False))(ARTICLE, None, None)
    assert bare.text.count(SENTENCE.strip()) == 12
    markdown = prepare(OrchardSettings(fallback="none", output_format="markdown"))(ARTICLE, None, None)
    assert "\n\n" in markdown.text


def test_pages_it_is_not_sure_of_go_to_the_fallback(real_pages):
    always = prepare(OrchardSettings(min_confidence=1.0))
    never = prepare(OrchardSettings(min_confidence=0.0))
    pages = real_pages[:10]
    assert any(always(p.html, p.url, None).text != never(p.html, p.url, None).text for p in pages)


def test_a_page_of_nothing_but_menus_goes_to_the_fallback():
    menus = [[f"<li><a href=/{kind}/{i}>{kind} entry {i}</a>" for i in range(60)] for kind in ("menu", "footer")]
    page = "".join(f"<nav><ul>{''.join(items)}</ul></nav>" for items in menus)
    page += "<footer>" + "".join(f"<div><h5>Column {i}</h5><a href=/c{i}>About {i}</a></div>" for i in range(6))
    by_others = prepare_trafilatura(TrafilaturaSettings())(page, None, None).text
    found, large = extract_page(page.encode()), page + f"<!--{' ' * LARGEST_ROUTED}-->"
    assert found.by_fallback
    assert found.text == by_others != prepare(OrchardSettings(fallback="none"))(page, None, None).text
    assert not extract_page(ARTICLE.encode()).by_fallback
    assert not extract_page(large.encode()).by_fallback


def test_the_sandbox_changes_nothing(real_pages, engine):
    with ExtractionSandbox(OrchardSettings(fallback="none")) as sandbox:
        outcomes = list(sandbox.extract_many(real_pages[:40]))
    alone = [engine(page.html, page.url, page.fetched) for page in real_pages[:40]]
    assert outcomes == alone
    assert sum(bool(found.text) for found in alone) >= 38


def test_the_public_functions_take_bytes():
    page = extract_page(ARTICLE.encode("utf-16"))
    assert page.text == extract_text(ARTICLE.encode())
    assert 0 <= page.confidence <= 1
    assert page.text in page.markdown() or "\n\n" in page.markdown()
    assert extract_text(b"") == ""


def test_features_of_real_pages_are_numbers(real_pages):
    assert len(set(NAMES)) == len(NAMES) == WIDTH
    classifier = load_classifier(OrchardSettings())
    for page in real_pages:
        judgement = classifier.judge(page.html)
        assert ((judgement.probability >= 0) & (judgement.probability <= 1)).all()
        assert 0 <= judgement.confidence <= 1
        weights = (np.zeros(4, np.uint32), np.zeros(4, np.float32))
        assert np.isfinite(block_features(judgement.tokens, judgement.blocks, weights)[0]).all()


@given(
    st.lists(st.sampled_from([*"ab<>/!&;\0\ud800 字", "<p>", "<div class='x y'>", "</div>", "<h1>", "<td>", SENTENCE]))
)
def test_any_page_is_extracted(parts):
    found = prepared()("".join(parts), None, None)
    assert isinstance(found, Extracted)
    found.text.encode()


def prepared():
    if not hasattr(prepared, "engine"):
        prepared.engine = prepare(OrchardSettings(fallback="none"))
    return prepared.engine


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["<div>", "<p>a b c<b>", "<table><tr><td>x", "<li><a href=x>y</a>", "</div>a", "&"])
def test_hostile_pages_are_extracted(engine, unit):
    assert isinstance(engine(unit * 200_000, None, None), Extracted)
