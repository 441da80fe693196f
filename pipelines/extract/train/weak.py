"""Weak labels for pages whose full text nobody wrote down: where extractors agree, and passages that are known.

A block is content if trafilatura takes it in all its modes, boilerplate if it does in none; what they disagree on
teaches nothing. Pages on which they disagree altogether are left out.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.extract.engines import resiliparse, trafilatura
from pipelines.extract.labels import Label
from pipelines.extract.page import Engine, Page
from pipelines.extract.scoring import split_words
from pipelines.extract.train.examples import COVERED, Floats, block_weights
from pipelines.extract.train.labels import coverage
from schemas.recipe.extract import ResiliparseSettings, TrafilaturaSettings

Chosen = npt.NDArray[np.bool_]

AGREEMENT = 0.7
"""F1 of the words that trafilatura takes by default and in its precise mode, below which a page is left out."""
FEWEST_WORDS = 40
"""That both take."""
SURE = 1.5
"""Weight of a known passage, relative to the same block on a page whose whole text is known."""
DOUBTFUL = 0.5
"""Weight of a block that only resiliparse takes."""


def opinions() -> tuple[Engine, Engine, Engine, Engine]:
    """The extractors that are asked: trafilatura by default, precise, with recall, and resiliparse."""
    return (
        trafilatura.prepare(TrafilaturaSettings()),
        trafilatura.prepare(TrafilaturaSettings(favor_precision=True)),
        trafilatura.prepare(TrafilaturaSettings(favor_recall=True)),
        resiliparse.prepare(ResiliparseSettings(alt_texts=False)),
    )


def weak_labels(
    page: Page, label: Label, blocks: Sequence[Sequence[str]], engines: Sequence[Engine]
) -> tuple[Floats, Floats] | None:
    """``content`` and ``weight`` of the blocks (their words) as in ``Example``; None where the engines do not agree."""
    default, precise, most, other = (_taken(engine, page, blocks) for engine in engines)
    lengths = np.array([len(block) for block in blocks])
    both = lengths[default & precise].sum()
    if both < FEWEST_WORDS or 2 * both < AGREEMENT * (lengths[default].sum() + lengths[precise].sum()):
        return None
    content = default & precise & (most | other)
    boilerplate = ~(default | precise | most)
    full = block_weights(blocks)
    weight = np.where(content | boilerplate, full, 0) * np.where(boilerplate & other, DOUBTFUL, 1)
    wanted, unwanted = _hold(blocks, label.wanted), _hold(blocks, label.unwanted)
    known = wanted | unwanted
    return (
        np.where(known, wanted, content).astype(np.float32),
        np.where(known, SURE * full, weight).astype(np.float32),
    )


def _taken(engine: Engine, page: Page, blocks: Sequence[Sequence[str]]) -> Chosen:
    found = split_words(engine(page.html, page.url, page.fetched).text)
    return coverage(blocks, found) >= COVERED


def _hold(blocks: Sequence[Sequence[str]], passages: Sequence[str]) -> Chosen:
    """bool[blocks]: the blocks that hold one of the passages, compared by words."""
    wanted = [words for passage in passages if (words := " ".join(split_words(passage)))]
    texts = [f" {' '.join(block)} " for block in blocks]
    return np.array([any(f" {words} " in text for words in wanted) for text in texts], np.bool_)
