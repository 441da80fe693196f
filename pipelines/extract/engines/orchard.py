"""Engine ``orchard``: a classifier of the page's blocks of text; pages that it is not sure of go to trafilatura."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.extract.article_body import find_article
from pipelines.extract.assemble.block_bytes import Keep
from pipelines.extract.assemble.markdown import to_markdown
from pipelines.extract.assemble.text import to_text
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import INSIDE, Blocks, find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import Tokens, tokenize
from pipelines.extract.comments import find_comments
from pipelines.extract.engines import trafilatura
from pipelines.extract.metadata.read import read_metadata
from pipelines.extract.model.classify import BlockClassifier, Judgement
from pipelines.extract.model.model_file import read_model, shipped_model
from pipelines.extract.page import Engine, Extracted
from schemas.recipe.extract import OrchardSettings, TrafilaturaSettings

LARGEST_ROUTED = 2_000_000
"""Bytes of a page that may go to the fallback: for a table of that size, trafilatura takes 3.4 s and 250 MB."""


def prepare(settings: OrchardSettings) -> Engine:
    """Read the model and bind the settings. Raises ``SettingError`` if the model is none."""
    classifier = load_classifier(settings)
    fallback = trafilatura.prepare(
        TrafilaturaSettings(
            output_format=settings.output_format,
            include_tables=settings.include_tables,
            include_links=settings.include_links,
        )
    )

    def extract(html: str, url: str | None, fetched: date | None) -> Extracted:
        judgement = classifier.judge(html)
        found = read_metadata(judgement.tokens, url, fetched)
        if is_unsure(judgement, settings):
            return replace(found, text=fallback(html, url, fetched).text)
        return replace(found, text=assemble(judgement, settings))

    return extract


def load_classifier(settings: OrchardSettings) -> BlockClassifier:
    """The classifier that the settings name. Raises ``SettingError``."""
    return BlockClassifier(read_model(Path(settings.model)) if settings.model else shipped_model())


def is_unsure(judgement: Judgement, settings: OrchardSettings) -> bool:
    """Whether the page goes to the fallback: the model is not sure of it, and it is not too large."""
    is_small = len(judgement.tokens.source) <= LARGEST_ROUTED
    return settings.fallback != "none" and is_small and judgement.confidence < settings.min_confidence


def assemble(judgement: Judgement, settings: OrchardSettings) -> str:
    """The text of the blocks that are kept; of a page that has hardly any, the article in its data."""
    text = _write(judgement.tokens, judgement.blocks, kept_blocks(judgement, settings), settings)
    article = find_article(judgement.tokens, text)
    if not article:
        return text
    tokens = tokenize(to_source(article))
    blocks = find_blocks(tokens)
    return _write(tokens, blocks, np.ones(len(blocks), np.bool_), settings)


def _write(tokens: Tokens, blocks: Blocks, keep: Keep, settings: OrchardSettings) -> str:
    if settings.output_format == "markdown":
        return to_markdown(tokens, blocks, keep, links=settings.include_links)
    return to_text(tokens, blocks, keep)


def kept_blocks(judgement: Judgement, settings: OrchardSettings) -> Keep:
    """bool[blocks]: which make the text."""
    keep = judgement.keep
    if not settings.include_tables:
        keep = keep & (judgement.blocks.table[:, INSIDE] & tags.TABLE == 0)
    if settings.comments == "keep":
        keep = keep | find_comments(judgement.tokens, judgement.blocks, judgement.keep)
    return keep
