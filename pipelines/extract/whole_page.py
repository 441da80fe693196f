"""One page with everything that the engine orchard finds in it."""

from dataclasses import dataclass, replace
from functools import cache

from pipelines.extract.assemble.text import to_text
from pipelines.extract.comments import find_comments
from pipelines.extract.engines.orchard import assemble, is_unsure, load_classifier
from pipelines.extract.engines.trafilatura import prepare as prepare_trafilatura
from pipelines.extract.metadata.read import read_metadata
from pipelines.extract.model.classify import BlockClassifier, Judgement
from pipelines.extract.page import Engine, Extracted
from pipelines.read.decode import decode
from schemas.recipe.extract import OrchardSettings, TrafilaturaSettings

SETTINGS = OrchardSettings()


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """What was found in a page."""

    metadata: Extracted
    """Title, author and the like, and the text."""
    judgement: Judgement
    """Its blocks, how likely each of them is content, and the F1 to be expected."""
    by_fallback: bool
    """Whether the text is trafilatura's, since the classifier was not sure."""

    @property
    def text(self) -> str:
        """The main text, a line a paragraph."""
        return self.metadata.text

    @property
    def confidence(self) -> float:
        """The F1 that the classifier's text can be expected to have, from 0 to 1."""
        return self.judgement.confidence

    @property
    def comments(self) -> str:
        """What readers wrote below the content, a line a paragraph; nothing of it is in ``text``."""
        parts = self.judgement.tokens, self.judgement.blocks
        return to_text(*parts, find_comments(*parts, self.judgement.keep))

    def markdown(self, *, links: bool = False) -> str:
        """The classifier's text as Markdown; ``links`` keeps the targets of links."""
        return assemble(
            self.judgement, SETTINGS.model_copy(update={"output_format": "markdown", "include_links": links})
        )


def extract_page(html: bytes, url: str | None = None) -> ExtractedPage:
    """Extract a page as it was fetched; its encoding is found out."""
    page = decode(html).text
    judgement = _classifier().judge(page)
    by_fallback = is_unsure(judgement, SETTINGS)
    text = _fallback()(page, url, None).text if by_fallback else assemble(judgement, SETTINGS)
    return ExtractedPage(replace(read_metadata(judgement.tokens, url), text=text), judgement, by_fallback)


@cache
def _classifier() -> BlockClassifier:
    return load_classifier(SETTINGS)


@cache
def _fallback() -> Engine:
    return prepare_trafilatura(TrafilaturaSettings())
