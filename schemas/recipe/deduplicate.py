"""What counts as a duplicate, which copy survives, and how much is done to find it."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from schemas.strict import StrictModel

BANDS, ROWS = 14, 8
"""FineWeb's: of pairs with Jaccard 0.68 half are found, with 0.75 77 %, with 0.8 92 % (https://arxiv.org/abs/2406.17557)."""

_SURVIVOR_KEY = re.compile(r"retrieved_at|text_length|[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class SurvivorKey(StrictModel):
    """One value by which the copy to keep is chosen."""

    by: str
    """``retrieved_at``, ``text_length`` (characters), or a signal as ``namespace.signal``; a missing value loses."""
    prefer: Literal["highest", "lowest"]
    """Which value wins."""

    @field_validator("by")
    @classmethod
    def _names_a_value(cls, by: str) -> str:
        if not _SURVIVOR_KEY.fullmatch(by):
            raise ValueError(
                f"{by!r} is nothing to choose a survivor by: give retrieved_at, text_length, or a signal as "
                "namespace.signal (gopher.word_count)"
            )
        return by


class UrlDuplicates(StrictModel):
    """Captures of one page: documents with the same canonical URL."""

    keep: Literal["newest", "oldest", "survivor"] = "newest"
    """By time of capture, or by the order under ``survivor``."""


class TextDuplicates(StrictModel):
    """Documents whose whole text is the same after a normalisation."""

    normalisation: Literal["exact", "whitespace", "words"] = "whitespace"
    """``exact``: byte for byte; ``whitespace``: runs of white space are alike; ``words``: case, punctuation and white
    space do not count either."""


class MinHashSettings(StrictModel):
    """Documents that share most of their passages: MinHash with locality-sensitive hashing (Broder 1997).

    Either ``bands`` and ``rows``, or ``threshold`` and ``permutations``, which datasketch's optimiser turns into them.
    """

    shingle: Literal["words", "characters", "code"] = "words"
    """What a passage is made of: words; characters, for languages without spaces; tokens of source code."""
    ngram: int = Field(default=5, ge=1, le=64)
    """Words (FineWeb: 5), characters (Swallow: 5) or tokens (The Stack: 5) in a passage."""
    threshold: float | None = Field(default=None, gt=0, lt=1)
    """Jaccard similarity from which pairs shall be found; with ``permutations``, instead of ``bands`` and ``rows``."""
    permutations: int | None = Field(default=None, ge=2, le=4096)
    """Hash functions to share out into bands and rows for ``threshold``; more cost more and decide more sharply."""
    bands: int | None = Field(default_factory=lambda given: _unless_threshold(given, BANDS), ge=1, le=1024)
    """Groups of rows; a pair is a candidate if it agrees in all rows of one. Default: 14, as FineWeb."""
    rows: int | None = Field(default_factory=lambda given: _unless_threshold(given, ROWS), ge=1, le=256)
    """Hash functions in a band; more find fewer, more similar pairs. Default: 8, as FineWeb."""
    seed: int = Field(default=1, ge=0, lt=2**32)
    """Chooses the hash functions, as datasketch's ``seed``."""
    min_jaccard: float | None = Field(default=0.75, gt=0, le=1)
    """True Jaccard similarity that a pair must have; null: no verification, every candidate counts (FineWeb)."""
    bucket_cap: int = Field(default=5_000, ge=2)
    """Documents of one band hash up to which all its pairs are verified. Of larger groups (boilerplate, as a rule) a
    number of comparisons in proportion to their size is made, and the manifest names them."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        solved, given = (self.threshold, self.permutations), (self.bands, self.rows)
        if (self.threshold is None) != (self.permutations is None):
            missing = "threshold" if self.threshold is None else "permutations"
            raise ValueError(f"{missing} is missing: threshold and permutations go together (0.75 and 128, say)")
        if None not in solved and any(number is not None for number in given):
            raise ValueError("give either bands and rows, or threshold and permutations, not both")
        if None in solved and None in given:
            raise ValueError("give bands and rows (14 and 8 are FineWeb's), or threshold and permutations")
        return self


class CutSettings(StrictModel):
    """What becomes of a document that loses text which others have."""

    min_words_left: int = Field(default=50, ge=1)
    """A document that was cut goes if fewer words are left: the least that Gopher's rules demand of a page."""


class RepeatedLines(CutSettings):
    """Lines or paragraphs that many documents share: navigation, notices, boilerplate."""

    unit: Literal["line", "paragraph"] = "line"
    """What is compared; paragraphs end at blank lines."""
    max_copies: int = Field(default=1, ge=1)
    """Copies that stay in the corpus, in the documents that come first under ``survivor``; all others are cut."""
    min_words: int = Field(default=5, ge=1)
    """Shorter ones stay however often they come: headings and short answers repeat by nature."""


class RepeatedSubstrings(CutSettings):
    """Long passages that stand word for word in several places (Lee et al., https://arxiv.org/abs/2107.06499)."""

    min_words: int = Field(default=50, ge=10)
    """Shortest passage that is cut, in words; Lee et al. take 50 tokens."""


class Deduplicate(StrictModel):
    """Which copies of documents and passages go, in the order of the sections; a section that is null is skipped."""

    scope: Literal["global", "collection"] = "global"
    """Compare with everything (AFM), or only within a collection (FineWeb found that better across crawls)."""
    survivor: tuple[SurvivorKey, ...] = (SurvivorKey(by="retrieved_at", prefer="lowest"),)
    """Which copy is kept, first key first; what is still equal is decided by ``doc_id``."""
    url: UrlDuplicates | None = None
    """Captures of one page."""
    text: TextDuplicates | None = None
    """Equal texts."""
    minhash: MinHashSettings | None = None
    """Similar texts."""
    lines: RepeatedLines | None = None
    """Lines or paragraphs repeated across documents."""
    substrings: RepeatedSubstrings | None = None
    """Long passages repeated word for word."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        sections = ("url", "text", "minhash", "lines", "substrings")
        if all(getattr(self, name) is None for name in sections):
            raise ValueError(f"nothing to do: give at least one of {', '.join(sections)} (`minhash: {{}}`)")
        return self

    @field_validator("survivor")
    @classmethod
    def _keys_are_distinct(cls, survivor: tuple[SurvivorKey, ...]) -> tuple[SurvivorKey, ...]:
        names = [key.by for key in survivor]
        doubles = sorted({name for name in names if names.count(name) > 1})
        if doubles:
            raise ValueError(f"{', '.join(doubles)} twice: the second never decides, take it out")
        return survivor


def _unless_threshold(given: dict[str, object], default: int) -> int | None:
    """The default of ``bands`` and ``rows``: none where they follow from a threshold."""
    return default if given.get("threshold") is None and given.get("permutations") is None else None
