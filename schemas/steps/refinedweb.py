"""RefinedWeb: corrections line by line, and the pages that lose too much by them."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "RefinedWeb: Penedo et al. 2023, appendix G.2, as coded in DCLM, baselines/mappers/modifiers.py"


class RefinedWebLines(Step):
    """Removes lines that are no prose, cuts some phrases out of short lines, and measures how many words went.

    Lines are removed by the first reason that holds, in the order of the signals. Words are runs between ASCII white
    space that begin with a letter or a digit, as DCLM counts them.
    """

    namespace: ClassVar[str] = "refinedweb"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("removed_uppercase", pa.int32(), "lines", "removed: too many capitals", SOURCE),
        Signal("removed_numeric", pa.int32(), "lines", "removed: digits only", SOURCE),
        Signal("removed_counter", pa.int32(), "lines", "removed: a counter such as `3 likes`", SOURCE),
        Signal("removed_short", pa.int32(), "lines", "removed: too few words", SOURCE),
        Signal("words", pa.int32(), "words", "words before any line is removed", SOURCE),
        Signal("removed_words", pa.float64(), "share of words", "words that the corrections removed", SOURCE),
    )

    type: Literal["refinedweb_lines"] = "refinedweb_lines"
    max_newlines: int | None = Field(default=2, ge=1, le=1000)
    """Shorten longer runs of newlines to this many."""
    max_uppercase: float = Field(default=0.5, ge=0, le=1)
    """Remove lines with a greater share of capitals among their characters."""
    max_numeric: float = Field(default=0.999999, ge=0, le=1)
    """Remove lines with a greater share of digits; the default removes lines of nothing but digits."""
    counters: tuple[str, ...] = (
        "likes",
        "shares",
        "comments",
        "retweets",
        "reposts",
        "quotes",
        "bookmarks",
        "upvotes",
        "downvotes",
        "downloads",
        "views",
        "followers",
    )
    """Remove lines that are a number and one of these words."""
    min_words_per_line: int = Field(default=2, ge=0)
    """Remove lines with fewer words (split at white space); empty lines stay."""
    phrases: tuple[str, ...] = ("items in cart",)
    """Cut these out of short lines (regular expressions, in any case)."""
    last_phrases: tuple[str, ...] = ("read more...",)
    """Cut these from the end of short lines; in DCLM's expression each dot stands for any character."""
    first_phrases: tuple[str, ...] = ("sign-in",)
    """Cut these from the beginning of short lines."""
    max_phrase_words: int = Field(default=10, ge=1)
    """Up to how many words a line is short."""

    removed_words: Bound | None = Bound(max=0.05)
    """Share of the words that the corrections removed."""
