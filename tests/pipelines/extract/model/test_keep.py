"""Which blocks of a page are kept: likely ones, each text once."""

import numpy as np

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.model.keep import SAID_AGAIN, keep_blocks

LONG = " ".join(f"word{number}" for number in range(SAID_AGAIN))


def kept(html: str, *probability: float) -> list[bool]:
    tokens = tokenize(to_source(html))
    keep, cut, expected = keep_blocks(tokens, find_blocks(tokens), np.array(probability, np.float32))
    assert 0 < cut < 1
    assert 0 < expected <= 1
    return keep.tolist()


def test_a_paragraph_that_is_there_twice_is_kept_once() -> None:
    html = f"<p>{LONG}<p>other text<p>{LONG}<p>{LONG} more"
    assert kept(html, 0.9, 0.9, 0.9, 0.9) == [True, True, False, True]


def test_the_first_that_is_likely_is_kept() -> None:
    assert kept(f"<p>{LONG}<p>{LONG}", 0.1, 0.9) == [False, True]


def test_short_texts_and_code_may_repeat_themselves() -> None:
    short = LONG.rsplit(" ", 1)[0]
    assert kept(f"<p>{short}<p>{short}", 0.9, 0.9) == [True, True]
    assert kept(f"<pre>{LONG}</pre><pre>{LONG}</pre>", 0.9, 0.9) == [True, True]
