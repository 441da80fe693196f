"""The quality and repetition rules of Gopher, with the numbers and limits of datatrove 0.10.1."""

from typing import ClassVar, Literal

import pyarrow as pa

from schemas.bounds import Bound
from schemas.lexers import Lexer
from schemas.signals import Signal
from schemas.step import Step

PAPER = "Gopher, https://arxiv.org/abs/2112.11446, section A.1.1"
TABLE = "Gopher, https://arxiv.org/abs/2112.11446, table A1"


class GopherQuality(Step):
    """Does a text look like prose: length, words, symbols, bullets, stop words.

    As datatrove 0.10.1 ``GopherQualityFilter``. A word is a symbol when it has only punctuation; symbols count in the
    ratios but not as words.
    """

    namespace: ClassVar[str] = "gopher"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("word_count", pa.int64(), "words", "words that are not symbols", PAPER),
        Signal("mean_word_length", pa.float64(), "characters", "mean length of words that are not symbols", PAPER),
        Signal("hash_ratio", pa.float64(), "per word", "number signs (#) for each word or symbol", PAPER),
        Signal("ellipsis_ratio", pa.float64(), "per word", "ellipses (... or …) for each word or symbol", PAPER),
        Signal("bullet_line_ratio", pa.float64(), "fraction of lines", "lines that start with • or -", PAPER),
        Signal("ellipsis_line_ratio", pa.float64(), "fraction of lines", "lines that end with an ellipsis", PAPER),
        Signal("alphabetic_word_ratio", pa.float64(), "fraction of words", "words and symbols with a letter", PAPER),
        Signal("stop_word_count", pa.int64(), "words", "distinct stop words in the text", PAPER),
    )

    type: Literal["gopher_quality"] = "gopher_quality"
    lexer: Lexer = "spacy-en"
    """How the text is split into words; datatrove uses spaCy's rules for the language."""
    stop_words: tuple[str, ...] = ("the", "be", "to", "of", "and", "that", "have", "with")
    """The words that every English text has; case matters."""

    word_count: Bound | None = Bound(min=50, max=100_000)
    """Words that are not symbols: neither a caption nor a dump."""
    mean_word_length: Bound | None = Bound(min=3, max=10)
    """Characters in a word, on average."""
    hash_ratio: Bound | None = Bound(max=0.1)
    """Number signs for each word."""
    ellipsis_ratio: Bound | None = Bound(max=0.1)
    """Ellipses for each word."""
    bullet_line_ratio: Bound | None = Bound(max=0.9)
    """Lines that are bullet points."""
    ellipsis_line_ratio: Bound | None = Bound(max=0.3)
    """Lines that are cut off."""
    alphabetic_word_ratio: Bound | None = Bound(min=0.8)
    """Words with a letter."""
    stop_word_count: Bound | None = Bound(min=2)
    """Distinct stop words: English text has two of them."""


def _repetition_signals() -> tuple[Signal, ...]:
    repeated = [
        Signal(
            f"duplicate_{unit}{suffix}",
            pa.float64(),
            f"fraction of {whole or unit + 's'}",
            f"{'characters in ' if whole else ''}{unit}s that repeat an earlier one",
            TABLE,
        )
        for unit in ("paragraph", "line")
        for suffix, whole in (("_fraction", ""), ("_character_fraction", "characters"))
    ]
    top = [
        Signal(f"top_{n}gram_fraction", pa.float64(), "fraction of characters", f"the most frequent {n}-gram", TABLE)
        for n in (2, 3, 4)
    ]
    duplicated = [
        Signal(
            f"duplicate_{n}gram_fraction",
            pa.float64(),
            "fraction of characters",
            f"{n}-grams that occurred before",
            TABLE,
        )
        for n in range(5, 11)
    ]
    return (
        Signal("character_count", pa.int64(), "characters", "length of the text", "datatrove GopherRepetitionFilter"),
        *repeated,
        *top,
        *duplicated,
    )


class GopherRepetition(Step):
    """How much of a text repeats itself: lines, paragraphs and word n-grams.

    As datatrove 0.10.1 ``GopherRepetitionFilter``. A fraction is null where the text is empty.
    """

    namespace: ClassVar[str] = "repetition"
    signals: ClassVar[tuple[Signal, ...]] = _repetition_signals()

    type: Literal["gopher_repetition"] = "gopher_repetition"
    lexer: Lexer = "spacy-en"
    """How the text is split into words; datatrove uses spaCy's rules for the language."""

    character_count: Bound | None = Bound(min=1)
    """An empty text has nothing to measure; the reference drops it too."""
    duplicate_paragraph_fraction: Bound | None = Bound(max=0.30)
    """Paragraphs (between two or more line breaks) that repeat an earlier one."""
    duplicate_paragraph_character_fraction: Bound | None = Bound(max=0.20)
    """Characters in such paragraphs."""
    duplicate_line_fraction: Bound | None = Bound(max=0.30)
    """Lines that repeat an earlier one."""
    duplicate_line_character_fraction: Bound | None = Bound(max=0.20)
    """Characters in such lines."""
    top_2gram_fraction: Bound | None = Bound(max=0.20)
    """Characters in the most frequent pair of words."""
    top_3gram_fraction: Bound | None = Bound(max=0.18)
    """Characters in the most frequent 3-gram."""
    top_4gram_fraction: Bound | None = Bound(max=0.16)
    """Characters in the most frequent 4-gram."""
    duplicate_5gram_fraction: Bound | None = Bound(max=0.15)
    """Characters in 5-grams that occurred before."""
    duplicate_6gram_fraction: Bound | None = Bound(max=0.14)
    """Characters in 6-grams that occurred before."""
    duplicate_7gram_fraction: Bound | None = Bound(max=0.13)
    """Characters in 7-grams that occurred before."""
    duplicate_8gram_fraction: Bound | None = Bound(max=0.12)
    """Characters in 8-grams that occurred before."""
    duplicate_9gram_fraction: Bound | None = Bound(max=0.11)
    """Characters in 9-grams that occurred before."""
    duplicate_10gram_fraction: Bound | None = Bound(max=0.10)
    """Characters in 10-grams that occurred before."""
