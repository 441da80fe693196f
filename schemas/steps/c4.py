"""C4: line and page rules, and bad words."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field, field_validator

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "C4: Raffel et al. 2020, section 2.2, as coded in tensorflow_datasets 4.9.10, text/c4_utils.py"
MC4 = "mC4: Xue et al. 2021, section 3.1; tensorflow_datasets text/c4_utils.py, paragraph_filter"

SENTENCES_COUNTED = 10
"""Most pages have more lines, each a sentence, so that they need no splitting into sentences at all."""


class C4Quality(Step):
    """Keeps the lines of a page that read like sentences, and measures what is left.

    The defaults are those of the published C4. FineWeb's variant (datatrove) has other marks, limits and sentences.
    Lines are stripped; they are removed by the first reason that holds, in the order of the signals. The page rules
    are on the lines that are left when their turn comes, so a curly bracket in a navigation line drops nothing.
    """

    namespace: ClassVar[str] = "c4"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("characters", pa.int32(), "characters", "length of the page before any line is removed", SOURCE),
        Signal("paragraphs", pa.int32(), "lines", "lines of `min_paragraph_characters`, before any is removed", MC4),
        Signal("removed_long_word", pa.int32(), "lines", "removed: a word over `max_word_length`", SOURCE),
        Signal("removed_no_end_mark", pa.int32(), "lines", "removed: no end mark, or an ellipsis", SOURCE),
        Signal("removed_few_words", pa.int32(), "lines", "removed: under `min_words_per_line`", SOURCE),
        Signal("lorem_ipsum", pa.int32(), "lines", "lines left so far with `lorem ipsum`", SOURCE),
        Signal("removed_javascript", pa.int32(), "lines", "removed: `javascript`", SOURCE),
        Signal("curly_bracket", pa.int32(), "lines", "lines left so far with a curly bracket", SOURCE),
        Signal("removed_policy", pa.int32(), "lines", "removed: one of `policy_phrases`", SOURCE),
        Signal("lines", pa.int32(), "lines", "lines kept", SOURCE),
        Signal("sentences", pa.int32(), "sentences", f"in the kept lines, up to {SENTENCES_COUNTED}", SOURCE),
    )

    type: Literal["c4_quality"] = "c4_quality"
    max_word_length: int | None = Field(default=1000, ge=1)
    """Remove lines with a word of more characters."""
    remove_citations: bool = True
    """Cut Wikipedia's ``[1]``, ``[edit]`` and ``[citation needed]`` out of the lines."""
    end_marks: tuple[str, ...] | None = Field(default=(".", "?", "!", '"'), min_length=1)
    """Remove lines that end in none of these, or in an ellipsis; null keeps them (FineWeb)."""
    min_words_per_line: int = Field(default=5, ge=1, le=100)
    """Remove lines with fewer words (split at white space)."""
    citations_are_words: bool = False
    """Count words before citations are cut out (datatrove) instead of after."""
    remove_javascript: bool = True
    """Remove lines with the word JavaScript."""
    policy_phrases: tuple[str, ...] = (
        "terms of use",
        "privacy policy",
        "cookie policy",
        "uses cookies",
        "use of cookies",
        "use cookies",
    )
    """Remove lines with one of these (lower case)."""
    sentence_splitter: Literal["punkt", "spacy"] = "punkt"
    """Punkt, trained on English (C4), or spaCy's English tokenizer with its rule-based sentencizer (datatrove)."""
    min_paragraph_characters: int = Field(default=200, ge=1)
    """From which length a line counts as a paragraph."""

    characters: Bound | None = Bound(max=190_000)
    """Length of the page."""
    paragraphs: Bound | None = None
    """Paragraphs of the page; mC4 asks for at least 3."""
    lorem_ipsum: Bound | None = Bound(max=0)
    """Lines with placeholder text."""
    curly_bracket: Bound | None = Bound(max=0)
    """Lines with ``{``, which is most likely program code."""
    sentences: Bound | None = Bound(min=3)
    """Sentences left on the page."""

    @field_validator("sentences")
    @classmethod
    def _is_counted(cls, bound: Bound | None) -> Bound | None:
        limits = (bound.min, bound.max, bound.above, bound.below) if bound else ()
        if any(limit is not None and limit > SENTENCES_COUNTED for limit in limits):
            raise ValueError(f"sentences are counted up to {SENTENCES_COUNTED}; a limit above that means nothing")
        return bound


class C4BadWords(Step):
    """Looks for entries of a word list in the language of the document.

    Lists have one entry a line, in files ``<language>.txt`` and ``<language>-<variant>.txt``; the default is LDNOOBW,
    which C4 uses. Entries match the text in lower case, with no letter, digit or underscore beside them; in Japanese,
    Thai and Chinese, which write no spaces, they match anywhere. A document in a language without a list is not
    measured (null), hence kept.
    """

    namespace: ClassVar[str] = "bad_words"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("found", pa.int8(), "0 or 1", "the page has a bad word and is not among those spared", SOURCE),
        Signal("spared", pa.int8(), "0 or 1", "the page has a bad word but belongs to `keep_fraction`", MC4),
    )

    type: Literal["c4_bad_words"] = "c4_bad_words"
    folder: Path | None = None
    """Where the lists are; null: the LDNOOBW lists that come with Orchard."""
    default_language: str | None = None
    """The list for documents whose language is unknown; null: they are not measured."""
    allowed: Mapping[str, tuple[str, ...]] = Field(default={"ja": ("sm", "グロ", "女の子"), "zh": ("性",)})
    """Entries that are not used, by language: common parts of harmless words."""
    keep_fraction: float = Field(default=0.0, ge=0.0, le=1.0)
    """The share of pages with bad words that is kept, chosen by a hash of the URI (C4: 0, mC4: 0.001)."""

    found: Bound | None = Bound(max=0)
    """Pages with a bad word."""
