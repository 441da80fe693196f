"""DCLM's own reading of Gopher's rules, as its RefinedWeb pipeline applies them."""

from typing import ClassVar, Literal

import pyarrow as pa

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "DCLM: Li et al. 2024, as coded in github.com/mlfoundations/dclm, baselines/mappers/filters/content_filters.py"

URL_SOURCE = "DCLM, baselines/mappers/modifiers.py, url_removal_modifier"


class DclmUrls(Step):
    """Cuts web addresses out of the text, as DCLM does before it measures anything.

    DCLM looks for names of sites only in texts that begin with a top-level domain (``Com...``, ``In...``), which is
    most likely a slip of its code; numeric addresses are cut out of every text.
    """

    namespace: ClassVar[str] = "dclm_urls"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("removed_characters", pa.int32(), "characters", "characters of web addresses, cut out", URL_SOURCE),
        Signal("characters", pa.int32(), "characters", "characters that are left", URL_SOURCE),
    )

    type: Literal["dclm_urls"] = "dclm_urls"

    characters: Bound | None = Bound(min=1)
    """A text of nothing but addresses is dropped."""


class DclmQuality(Step):
    """Does a text look like prose: DCLM's variant of Gopher's quality rules.

    Words are what stands between white space; lines are not blank, and stripped. Differs from datatrove's
    ``gopher_quality`` in words, symbols, bullets, ellipses, and in that every occurrence of a stop word counts.
    """

    namespace: ClassVar[str] = "dclm"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("word_count", pa.int64(), "words", "words that begin with a letter or a digit", SOURCE),
        Signal("mean_word_length", pa.float64(), "characters", "mean length of all words", SOURCE),
        Signal("symbol_ratio", pa.float64(), "per word", "`#` and ellipses for each word", SOURCE),
        Signal("bullet_line_ratio", pa.float64(), "fraction of lines", "lines that start with a bullet", SOURCE),
        Signal("ellipsis_line_ratio", pa.float64(), "fraction of lines", "lines that end with an ellipsis", SOURCE),
        Signal("non_alphabetic_word_ratio", pa.float64(), "fraction of words", "words without a letter", SOURCE),
        Signal("stop_word_count", pa.int64(), "words", "occurrences of stop words, in any case", SOURCE),
    )

    type: Literal["dclm_quality"] = "dclm_quality"
    symbols: tuple[str, ...] = ("#", "...", ". . .", "…")
    """What counts as a symbol; each is counted by itself."""
    bullets: tuple[str, ...] = ("●", "•", "*", "-")
    """What a line of a list starts with."""
    ellipses: tuple[str, ...] = ("...", ". . .", "…")
    """What a line that is cut off ends with."""
    stop_words: tuple[str, ...] = ("the", "be", "to", "of", "and", "that", "have", "with")
    """The words that every English text has."""

    word_count: Bound | None = Bound(min=50, max=100_000)
    """Words that begin with a letter or a digit."""
    mean_word_length: Bound | None = Bound(min=3, max=10)
    """Characters in a word, on average."""
    symbol_ratio: Bound | None = Bound(max=0.1)
    """Symbols for each word."""
    bullet_line_ratio: Bound | None = Bound(max=0.9)
    """Lines that are bullet points."""
    ellipsis_line_ratio: Bound | None = Bound(max=0.3)
    """Lines that are cut off."""
    non_alphabetic_word_ratio: Bound | None = Bound(max=0.2)
    """Words without a letter."""
    stop_word_count: Bound | None = Bound(min=2)
    """Occurrences of stop words."""


def _repetition_signals() -> tuple[Signal, ...]:
    repeated = [
        Signal(f"repeated_{unit}{suffix}", pa.float64(), f"fraction of {whole}", f"{unit}s that occur again", SOURCE)
        for unit in ("line", "paragraph")
        for suffix, whole in (("_fraction", f"{unit}s"), ("_character_fraction", "characters"))
    ]
    top = [
        Signal(f"top_{n}gram_fraction", pa.float64(), "fraction of characters", f"the most frequent {n}-gram", SOURCE)
        for n in (2, 3, 4)
    ]
    words = [
        Signal(f"repeated_{n}gram_fraction", pa.float64(), "fraction of characters", f"words in such {n}-grams", SOURCE)
        for n in range(5, 11)
    ]
    return (*repeated, *top, *words)


class DclmRepetition(Step):
    """How much of a text repeats itself: DCLM's variant of Gopher's repetition rules.

    Every copy counts, the first as well; words are Unicode words (UAX 29) that begin with a letter or a digit, and
    characters are those of the words; of equally frequent n-grams the longest counts.
    """

    namespace: ClassVar[str] = "dclm_repetition"
    signals: ClassVar[tuple[Signal, ...]] = _repetition_signals()

    type: Literal["dclm_repetition"] = "dclm_repetition"

    repeated_line_fraction: Bound | None = Bound(max=0.30)
    """Lines that occur more than once."""
    repeated_paragraph_fraction: Bound | None = Bound(max=0.30)
    """Paragraphs (between two line breaks) that occur more than once."""
    repeated_line_character_fraction: Bound | None = Bound(max=0.20)
    """Characters in such lines."""
    repeated_paragraph_character_fraction: Bound | None = Bound(max=0.20)
    """Characters in such paragraphs."""
    top_2gram_fraction: Bound | None = Bound(max=0.20)
    """Characters in the most frequent pair of words."""
    top_3gram_fraction: Bound | None = Bound(max=0.18)
    """Characters in the most frequent 3-gram."""
    top_4gram_fraction: Bound | None = Bound(max=0.16)
    """Characters in the most frequent 4-gram."""
    repeated_5gram_fraction: Bound | None = Bound(max=0.15)
    """Characters in words of 5-grams that occur more than once."""
    repeated_6gram_fraction: Bound | None = Bound(max=0.14)
    """Characters in words of such 6-grams."""
    repeated_7gram_fraction: Bound | None = Bound(max=0.13)
    """Characters in words of such 7-grams."""
    repeated_8gram_fraction: Bound | None = Bound(max=0.12)
    """Characters in words of such 8-grams."""
    repeated_9gram_fraction: Bound | None = Bound(max=0.11)
    """Characters in words of such 9-grams."""
    repeated_10gram_fraction: Bound | None = Bound(max=0.10)
    """Characters in words of such 10-grams."""
