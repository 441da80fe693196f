"""Which blocks of a page are kept: likely ones, each text once."""

import numpy as np

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.features.stems import page_words
from pipelines.extract.model.keep import RETOLD, SAID_AGAIN, keep_blocks

LONG = " ".join(f"word{number}" for number in range(SAID_AGAIN))


def kept(html: str, *probability: float) -> list[bool]:
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens)
    words = page_words(tokens.source, tokens.table, blocks.table)
    keep, cut, expected = keep_blocks(tokens, blocks, words, np.array(probability, np.float32))
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


def test_a_paragraph_said_again_may_be_written_otherwise() -> None:
    assert kept(f"<p>{LONG}<p>{LONG.upper().replace(' ', ', ')}!", 0.9, 0.9) == [True, False]
    assert kept(f"<p>{LONG}<p>{LONG}9", 0.9, 0.9) == [True, True]


def test_an_article_that_is_there_once_more_in_one_piece_is_kept_in_pieces() -> None:
    pieces = [" ".join(f"{letter}{number:03}" for number in range(RETOLD // 4)) for letter in "abcde"]
    article = "".join(f"<p>{piece}" for piece in pieces)
    assert kept(f"{article}<div>{' '.join(pieces)}</div>", *[0.9] * 6) == [True] * 5 + [False]
    assert kept(f"{article}<div>{' '.join(reversed(' '.join(pieces).split()))}</div>", *[0.9] * 6) == [True] * 6
    assert kept(f"<p>{pieces[0]}<div>{' '.join(pieces)}</div>", 0.9, 0.9) == [True, True]
