"""A page block by block: what an engine kept, what it cut, and why."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipelines.extract.article_body import find_article
from pipelines.extract.assemble.text import block_texts, to_text
from pipelines.extract.blocks.blocks import Blocks, find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import Tokens, tokenize
from pipelines.extract.comments import find_comments
from pipelines.extract.engines.orchard import assemble, is_unsure, kept_blocks
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.features.table import NAMES, block_features
from pipelines.extract.model.below_article import comments_below
from pipelines.extract.model.classify import BlockClassifier, Judgement
from pipelines.extract.model.model_file import BlockModel, read_model, shipped_model
from pipelines.extract.model.trees import MaskedTrees, probabilities
from pipelines.extract.page import Extracted, Page
from schemas.recipe.extract import EngineSettings, OrchardSettings, TrafilaturaSettings

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the page."""

    text: str
    kept: bool
    probability: float | None
    """That it is content, where the engine says so."""
    reason: str
    """The feature that speaks most for the decision, with its value and the usual one on the page; or empty."""


@dataclass(frozen=True, slots=True)
class PageView:
    """A page, and what became of it."""

    url: str | None
    engine: str
    confidence: float | None
    """The F1 that the engine expects of its text."""
    routed_to: str | None
    """The engine that extracted the page because the chosen one was not sure."""
    found: Extracted
    markdown: str
    blocks: tuple[BlockView, ...]
    comments: str = ""
    """What readers wrote below the content, of the engine orchard."""
    is_from_data: bool = False
    """Whether the text is the article in the page's data, since the blocks have hardly any."""


def view_page(page: Page, settings: EngineSettings) -> PageView:
    """Extract a page, and say what became of each block. Raises ``SettingError`` for settings that cannot work."""
    found = prepare_engine(MODULES[settings.engine], settings)(page.html, page.url, page.fetched)
    if isinstance(settings, OrchardSettings):
        return _by_model(page, settings, found)
    tokens = tokenize(to_source(page.html))
    return _by_text(page, settings, found, (tokens, find_blocks(tokens)))


def _by_model(page: Page, settings: OrchardSettings, found: Extracted) -> PageView:
    model = read_model(Path(settings.model)) if settings.model else shipped_model()
    judgement = BlockClassifier(model).judge(page.html)
    if is_unsure(judgement, settings):
        view = _by_text(page, settings, found, (judgement.tokens, judgement.blocks))
        probability = judgement.probability.tolist()
        blocks = (replace(block, probability=each) for block, each in zip(view.blocks, probability, strict=True))
        return replace(view, confidence=judgement.confidence, routed_to=settings.fallback, blocks=tuple(blocks))
    texts = block_texts(judgement.tokens, judgement.blocks)
    why = reasons(model, judgement)
    parts = zip(texts, judgement.keep.tolist(), judgement.probability.tolist(), why, strict=True)
    markdown = assemble(judgement, settings.model_copy(update={"output_format": "markdown"}))
    blocks = (BlockView(*part) for part in parts)
    kept = kept_blocks(judgement, settings)
    comments = to_text(judgement.tokens, judgement.blocks, find_comments(judgement.tokens, judgement.blocks, kept))
    own = to_text(judgement.tokens, judgement.blocks, kept)
    is_from_data = bool(find_article(judgement.tokens, own))
    return PageView(
        page.url, settings.engine, judgement.confidence, None, found, markdown, tuple(blocks), comments, is_from_data
    )


def _by_text(page: Page, settings: EngineSettings, found: Extracted, parts: tuple[Tokens, Blocks]) -> PageView:
    """What an engine kept that says nothing but its text: the blocks whose words stand there in this order."""
    kept = " ".join(found.text.split())
    texts = block_texts(*parts)
    blocks = (BlockView(text, bool(text) and " ".join(text.split()) in kept, None, "") for text in texts)
    markdown = found.text
    if not isinstance(settings, OrchardSettings) and settings.engine == "trafilatura":
        as_markdown = TrafilaturaSettings.model_validate({**settings.model_dump(), "output_format": "markdown"})
        engine = prepare_engine(MODULES["trafilatura"], as_markdown)
        markdown = engine(page.html, page.url, page.fetched).text
    return PageView(page.url, settings.engine, None, None, found, markdown, tuple(blocks))


def reasons(model: BlockModel, judgement: Judgement) -> list[str]:
    """For each block the feature that speaks most for the decision: without it, the first stage would doubt most.

    "Without" is with the median of the page's blocks in its place; the decision is that of both stages.
    """
    features, _ = block_features(judgement.tokens, judgement.blocks, model.weights())
    if not len(features):
        return []
    usual = np.median(features, axis=0)
    trees = model.trees()
    with_all = _logits(trees, features)
    best, most = np.full(len(features), -1), np.zeros(len(features), np.float32)
    sign = np.where(judgement.keep, 1, -1).astype(np.float32)
    for column in range(len(NAMES)):
        changed = features.copy()
        changed[:, column] = usual[column]
        support = sign * (with_all - _logits(trees, changed))
        best = np.where(support > most, column, best)
        most = np.maximum(most, support)
    likely = judgement.probability >= np.float32(judgement.cut)
    comments, again = comments_below(judgement.tokens, judgement.blocks, likely), likely & ~judgement.keep
    return [
        "readers' comments on the article"
        if comments[block]
        else "said before on this page"
        if again[block]
        else f"{NAMES[column]} {features[block, column]:.3g} (usual {usual[column]:.3g})"
        if column >= 0
        else ""
        for block, column in enumerate(best.tolist())
    ]


def _logits(trees: MaskedTrees, features: Floats) -> Floats:
    probability = np.clip(probabilities(trees, features), 1e-7, 1 - 1e-7)
    return np.log(probability / (1 - probability))
