"""Profanity by word lists, in any language."""

from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "AFM R7 (profanity by heuristics; no list or threshold is published); lists: LDNOOBW"


class Profanity(Step):
    """How many listed words and phrases a document has, by the list of its language.

    Entries match in any case, with no letter, mark, digit or underscore beside them; in Japanese, Thai and Chinese,
    which write no spaces, they match anywhere. A document whose language is unknown or has no list is not measured.
    The defaults drop nothing: no threshold is published.
    """

    namespace: ClassVar[str] = "profanity"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("count", pa.int32(), "entries", "listed words and phrases, not overlapping", SOURCE),
        Signal("distinct", pa.int32(), "entries", "different ones", SOURCE),
        Signal("share", pa.float32(), "fraction", "of the text's characters that are in them", SOURCE),
        Signal("longest_run", pa.int32(), "entries", "most that follow each other with no other word between", SOURCE),
        Signal("removed_sentences", pa.int32(), "sentences", "taken out of the text", SOURCE),
    )

    type: Literal["profanity"] = "profanity"
    lists: Path = Path("ldnoobw")
    """A folder with ``<language>.txt`` and ``<language>-<variant>.txt``: UTF-8, one entry a line. A relative path is
    looked up in the working directory, then among the lists that come with Orchard (LDNOOBW, 27 languages)."""
    languages: tuple[str, ...] = ()
    """Look for the entries of these languages in every document; empty: of the document's own language."""
    remove_sentences: bool = False
    """Take the sentences with a listed word out of the text; the signals are of the text before."""
    count: Bound | None = None
    """Listed words and phrases."""
    distinct: Bound | None = None
    """Different listed words and phrases: one word a hundred times can be a topic, twenty words are not."""
    share: Bound | None = None
    """How much of the text they make up."""
    longest_run: Bound | None = None
    """Rows of them, as in the tags of pornographic pages."""
