"""Kept blocks to plain text."""

import numpy as np
import pytest

from pipelines.extract.assemble.text import block_texts, to_text
from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>a <b>b</b>\n  c<b> d</b>e", "a b c de"),
        ("<p>a<p>b", "a\nb"),
        ("<p>a<br>b", "a\nb"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>&lt;a&gt; &amp;amp; &eacute; &#20013;&nbsp;x", "<a> &amp; é 中 x"),
        ("<p>a\0b \ud800", "a b �"),
        ("<p>אב<p>ab", "אב\nab"),
        ("<p>a &am<b>p;</b> b &lt<b>c</b> &#6<i>5;</i>d&<i>amp;</i>", "a &amp; b <c 5;d&amp;"),
        ("<p>a &#" + "1" * 5_000 + ";", "a �"),
    ],
)
def test_text_is_what_a_browser_shows(page, expected):
    tokens = tokenize(to_source(page))
    blocks = find_blocks(tokens)
    assert to_text(tokens, blocks, np.ones(len(blocks), np.bool_)) == expected


def test_the_text_of_real_pages_is_that_of_their_kept_blocks(real_pages):
    random = np.random.default_rng(0)
    for page in real_pages[::3]:
        tokens = tokenize(to_source(page.html))
        blocks = find_blocks(tokens)
        keep = random.random(len(blocks)) < 0.5
        texts = [text for text, kept in zip(block_texts(tokens, blocks), keep, strict=True) if kept]
        assert to_text(tokens, blocks, keep).split() == " ".join(texts).split()
