"""Block lists for the addresses of pages."""

from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "RefinedWeb (arXiv:2306.01116, G.1), datatrove URLFilter; UT1, https://dsi.ut-capitole.fr/blacklists/"


class UrlBlocklist(Step):
    """Which lists a page's address is on; it needs no text, so it may run before extraction.

    Domain and URL lists have the UT1 format: a folder with a sub-folder for each category that holds ``domains`` and
    ``urls``, such a sub-folder, or a plain file; ``.gz`` too. A listed domain blocks its sub-domains, a listed URL what
    lies below it. Word lists have one entry a line. A relative path is looked up in the working directory, then among
    the lists that come with Orchard (``filters/lists``).
    """

    namespace: ClassVar[str] = "url"
    reads_text: ClassVar[bool] = False
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("domain", pa.int32(), "domains", "listed among the host and its parent domains", SOURCE),
        Signal("url", pa.int32(), "prefixes", "listed among the address and the folders above it", SOURCE),
        Signal("banned_words", pa.int32(), "words", "distinct banned words in the address", SOURCE),
        Signal("soft_words", pa.int32(), "words", "distinct soft-banned words in the address", SOURCE),
        Signal("subwords", pa.int32(), "matches", "banned strings in the address without its punctuation", SOURCE),
    )

    type: Literal["url"] = "url"
    lists: tuple[Path, ...] = ()
    """Folders or files of domains and URLs."""
    categories: tuple[str, ...] | None = None
    """The categories to use of folders that hold many (``adult``, ``malware`` ...); null: all."""
    banned_word_list: Path | None = None
    """Words of which one is too many."""
    soft_word_list: Path | None = None
    """Words that are suspect only together."""
    subword_list: Path | None = None
    """Strings that are banned even inside a word."""
    domain: Bound | None = Bound(max=0)
    """Neither the host nor a parent domain is listed."""
    url: Bound | None = Bound(max=0)
    """Neither the address nor a folder above it is listed."""
    banned_words: Bound | None = Bound(max=0)
    """No banned word."""
    soft_words: Bound | None = Bound(below=2)
    """Fewer than two soft-banned words (datatrove: ``soft_word_threshold=2``)."""
    subwords: Bound | None = Bound(max=0)
    """No banned string."""
