"""Pages whose article stands in their data alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract_page, extract_text
from pipelines.extract.article_body import find_article
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize

SENTENCE = "These are some words to read, and there are many more of them."
SHELL = "<html><body><div id=root>Loading</div>{}</body></html>"
PARAGRAPHS = f"<h2>A &amp; B</h2><p>{SENTENCE}</p><p>{SENTENCE} {SENTENCE}</p><script>no()</script><p>{SENTENCE}</p>"
TEXT = f"A & B\n{SENTENCE}\n{SENTENCE} {SENTENCE}\n{SENTENCE}"


def written(data: object) -> str:
    """JSON as it has to be written in a script."""
    return json.dumps(data).replace("</", "<\\/")


def script(data: object, kind: str = "application/ld+json") -> str:
    return f"<script type={kind}>{written(data)}</script>"


@pytest.mark.parametrize(
    "data",
    [
        script({"@type": "NewsArticle", "articleBody": PARAGRAPHS}),
        script([{"@graph": [{"articleBody": "A sum of it"}, {"articleBody": PARAGRAPHS}]}]),
        script({"props": {"pageProps": {"post": {"articleBody": PARAGRAPHS}}}}, "application/json"),
        f"<script>window.state = {written({'articleBody': PARAGRAPHS})};</script>",
    ],
)
def test_an_article_in_data_is_the_text_of_a_page_without_one(data: str) -> None:
    page = extract_page(SHELL.format(data).encode())
    assert page.text == TEXT
    assert page.markdown().startswith("## A & B\n\nThese are")


def test_plain_text_keeps_its_paragraphs() -> None:
    data = script({"articleBody": f"{SENTENCE}\n\n{SENTENCE * 4}"})
    assert extract_text(SHELL.format(data).encode()).split("\n") == [SENTENCE, SENTENCE * 4]


def test_a_page_with_text_of_its_own_keeps_it() -> None:
    data = script({"articleBody": PARAGRAPHS})
    own = f"<article><h1>Its own</h1><p>{SENTENCE * 3}<p>{SENTENCE * 6}</article>"
    assert extract_text(SHELL.format(own + data).encode()) == extract_text(SHELL.format(own).encode())


@given(st.text(max_size=60), st.sampled_from(["[" * 3000, '{"articleBody": "', '{"articleBody": 1}', ""]))
def test_broken_data_are_no_article(text: str, start: str) -> None:
    padding = "x" * 300
    assert find_article(tokenize(to_source(f"<script>{start}articleBody{text}{padding}</script>")), "") == ""
