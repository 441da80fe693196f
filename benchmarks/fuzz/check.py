"""What must hold of any page, however broken."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date

import numpy as np
from markdown_it import MarkdownIt

from pipelines.extract.article_body import find_article
from pipelines.extract.assemble.block_bytes import Keep
from pipelines.extract.assemble.markdown import to_markdown
from pipelines.extract.assemble.text import to_text
from pipelines.extract.blocks.blocks import Blocks, find_blocks
from pipelines.extract.blocks.parse import PADDING, to_source
from pipelines.extract.blocks.tokens import CLOSE, END, KIND, MATCH, OPEN, PARENT, START, Tokens, tokenize
from pipelines.extract.comments import find_comments
from pipelines.extract.features.table import block_features
from pipelines.extract.metadata.read import read_metadata
from pipelines.extract.model.classify import BlockClassifier

URL = "https://site.example/2024/05/06/page"
FETCHED = date(2025, 1, 1)
NO_WEIGHTS = (np.zeros(4, np.uint32), np.zeros(4, np.float32))
PARSER = MarkdownIt("commonmark", {"maxNesting": 1_000}).enable("table")


def check_page(html: str, classifier: BlockClassifier | None = None) -> str:
    """The text of all blocks of a page, after everything that the engine does with a page.

    Nesting is sound, features are numbers, texts are valid, Markdown has the words of the text, and a second time gives
    the same. With a ``classifier``, what it keeps is looked at too.

    Raises:
        AssertionError: one of them does not hold.
    """
    tokens = tokenize(to_source(html))
    check_nesting(tokens)
    blocks = find_blocks(tokens)
    features, _ = block_features(tokens, blocks, NO_WEIGHTS)
    assert np.isfinite(features).all(), "a feature is no number"
    text = check_texts(tokens, blocks, np.ones(len(blocks), np.bool_))
    keep = np.arange(len(blocks)) % 7 == 0
    comments = find_comments(tokens, blocks, keep)
    assert not (comments & keep).any(), "a comment that is content"
    check_valid(to_text(tokens, blocks, comments))
    tokenize(to_source(find_article(tokens, "")))
    found = read_metadata(tokens, URL, FETCHED)
    for value in filter(None, astuple(found)):
        check_valid(value)
    if classifier is not None:
        judgement = classifier.judge(html)
        assert ((judgement.probability >= 0) & (judgement.probability <= 1)).all(), "a probability is none"
        assert 0 <= judgement.confidence <= 1, "the confidence is none"
        check_texts(judgement.tokens, judgement.blocks, judgement.keep)
        assert np.array_equal(judgement.probability, classifier.judge(html).probability), "another result next time"
    assert features.tobytes() == block_features(tokens, blocks, NO_WEIGHTS)[0].tobytes(), "other features next time"
    assert found == read_metadata(tokens, URL, FETCHED), "other metadata next time"
    return text


def check_nesting(tokens: Tokens) -> None:
    """Every element is closed where it should be, and every token lies in the page, in order."""
    stack, before, length = [-1], 0, len(tokens.source) - PADDING
    for number, row in enumerate(tokens.table[:-1].tolist()):
        if row[KIND] == CLOSE:
            assert tokens.table[row[MATCH], MATCH] == number, "an end that is not its element's"
            assert stack.pop() == row[MATCH], "elements overlap"
        assert row[PARENT] == stack[-1], "a wrong parent"
        assert before <= row[START] <= row[END] <= length, "tokens out of order, or out of the page"
        before = row[START]
        if row[KIND] == OPEN:
            stack.append(number)
    assert stack == [-1], "an element without an end"


def check_texts(tokens: Tokens, blocks: Blocks, keep: Keep) -> str:
    """The text of some blocks, after a look at it and at the Markdown of them."""
    text = to_text(tokens, blocks, keep)
    check_valid(text)
    for full in (False, True):
        markdown = to_markdown(tokens, blocks, keep, links=full, emphasis=full)
        check_valid(markdown)
        assert same_words(markdown, text), "Markdown has other words than the text"
        assert markdown == to_markdown(tokens, blocks, keep, links=full, emphasis=full), "other Markdown next time"
    assert text == to_text(tokens, blocks, keep), "another text next time"
    return text


def check_valid(text: str) -> None:
    """No lone surrogates, no NUL."""
    assert "\0" not in text, "a NUL"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise AssertionError("a lone surrogate") from error


def same_words(markdown: str, text: str) -> bool:
    """Whether Markdown shows the letters and digits of a text, in its order."""
    wanted = _compact(text)
    return _compact(markdown) == wanted or _compact("".join(_shown(markdown))) == wanted


def _shown(markdown: str) -> Iterator[str]:
    for token in PARSER.parse(markdown):
        if token.type in ("fence", "code_block"):
            yield token.content
        for child in token.children or ():
            yield child.content


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text))
