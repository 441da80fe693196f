"""The quality rules that FineWeb adds, with the numbers and limits of datatrove 0.10.1."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from schemas.bounds import Bound
from schemas.lexers import Lexer
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "FineWeb, https://arxiv.org/abs/2406.17557, section 3.6; datatrove FineWebQualityFilter"


class FineWebQuality(Step):
    """Is a text a list or a menu: lines without full stops, short lines, repeated lines, many line breaks.

    As datatrove 0.10.1 ``FineWebQualityFilter``. Blank lines do not count as lines.
    """

    namespace: ClassVar[str] = "fineweb"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("line_count", pa.int64(), "lines", "lines that are not blank", SOURCE),
        Signal("punctuated_line_ratio", pa.float64(), "fraction of lines", "lines that end a sentence", SOURCE),
        Signal("short_line_ratio", pa.float64(), "fraction of lines", "lines of at most short_line_length", SOURCE),
        Signal("duplicate_character_ratio", pa.float64(), "fraction of characters", "in repeated lines", SOURCE),
        Signal("newline_ratio", pa.float64(), "per word", "line breaks for each word or symbol", SOURCE),
    )

    type: Literal["fineweb_quality"] = "fineweb_quality"
    lexer: Lexer = "spacy-en"
    """How the text is split into words; datatrove uses spaCy's rules for the language."""
    short_line_length: int = Field(default=30, ge=0)
    """Characters up to which a line is short."""

    line_count: Bound | None = Bound(min=1)
    """A blank text has nothing to measure; the reference drops it too."""
    punctuated_line_ratio: Bound | None = Bound(min=0.12)
    """Lines that end with the mark of a sentence's end, in any script."""
    short_line_ratio: Bound | None = Bound(max=0.67)
    """Lines that are short."""
    duplicate_character_ratio: Bound | None = Bound(max=0.01)
    """Characters in lines that repeat an earlier one, of all characters but line breaks."""
    newline_ratio: Bound | None = Bound(max=0.3)
    """Line breaks for each word: above, the text is a list."""
