"""Blocks of text and their measures."""

import numpy as np
import pytest

from pipelines.extract.assemble.text import block_texts
from pipelines.extract.blocks.blocks import BEHIND, COUNTED, FIRST, MOST_BLOCKS, Blocks, find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.text_measures import (
    CAPITALS,
    CHARACTERS,
    COMMAS,
    DIGITS,
    LINK_CHARACTERS,
    LINK_WORDS,
    STOPS,
    STRONG_CHARACTERS,
    WORDS,
)
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.scoring import split_words


def blocks_of(page: str) -> tuple[Blocks, list[str]]:
    tokens = tokenize(to_source(page))
    blocks = find_blocks(tokens)
    return blocks, block_texts(tokens, blocks)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>a <b>b</b> c<p>d", ["a b c", "d"]),
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"]),
        ("a<br>b<br><br>c", ["a\nb", "c"]),
        ("<table><tr><td>a<td>b", ["a", "b"]),
        ("<p>&nbsp;<p> <p>\xa0&nbsp; <p>a", ["a"]),
        ("<title>t</title><select><option>o</select><script>s</script><p>a", ["a"]),
        ("<p>a<img>b<script>x</script>c", ["abc"]),
        ("", []),
    ],
)
def test_blocks_are_paragraphs(page, expected):
    assert blocks_of(page)[1] == expected


def measures(page: str) -> list[int]:
    return blocks_of(page)[0].table[0, COUNTED:].tolist()


def test_measures_are_counted_in_any_script():
    found = measures("<p>Ab, c1. <a href=x>d e!</a> <b>f</b>")
    assert (found[CHARACTERS], found[WORDS], found[CAPITALS], found[DIGITS]) == (10, 5, 1, 1)
    assert (found[LINK_CHARACTERS], found[LINK_WORDS], found[STRONG_CHARACTERS]) == (3, 2, 1)
    assert (found[STOPS], found[COMMAS]) == (2, 1)
    chinese = measures("<p>中文字，好。")
    assert (chinese[WORDS], chinese[STOPS], chinese[COMMAS]) == (4, 1, 1)
    assert measures("<p>Привет мир — да")[WORDS] == 3
    assert measures("<p>a &amp; b")[CHARACTERS] == 3


def test_words_of_real_pages_are_about_those_that_are_scored(real_pages):
    ours = theirs = empty = 0
    for page in real_pages:
        blocks, texts = blocks_of(page.html)
        ours += int(blocks.table[:, COUNTED + WORDS].sum())
        theirs += len(split_words(" ".join(texts)))
        empty += texts.count("")
        assert (blocks.table[1:, FIRST] >= blocks.table[:-1, BEHIND]).all()
        assert (np.flatnonzero(blocks.of_token >= 0).size > 0) == (len(blocks) > 0)
    assert abs(ours - theirs) < 0.05 * theirs
    assert empty < 100  # of 30,000; some pages have U+3000 in a paragraph of its own.


def test_blocks_are_bounded():
    tokens = tokenize(to_source("<p>a" * (MOST_BLOCKS + 5)))
    blocks = find_blocks(tokens)
    assert len(blocks) == MOST_BLOCKS
    assert int((blocks.of_token >= 0).sum()) == MOST_BLOCKS
