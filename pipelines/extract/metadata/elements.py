"""The few elements of a page that say something of it as a whole: their attributes and texts."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import kernel, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.attribute_words import Words, word_hash
from pipelines.extract.blocks.characters import unescape
from pipelines.extract.blocks.markup import is_space
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.tags import FACTS, NAMES, OFFSET, PRIME, TAG, name_hash
from pipelines.extract.blocks.tokens import END, KIND, MATCH, NUMBER, OPEN, START, STATES, TEXT, Table, Tokens
from pipelines.extract.blocks.tokens import WORDS as WORDS_BEFORE
from pipelines.extract.metadata.names import META_NAMES

ATTRIBUTE = re.compile(
    r"""(?:(?<=[\s"'/])|^)([^\s"'<>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""", re.ASCII
)
"""A name begins behind white space, a quote or a slash only: what is no attribute is passed over once."""
PUBLISHED_KEY = re.compile(
    rb"""ublish(?:(?<=[Dd]ate[Pp]ublish)ed|(?<=[Dd]ate_[Pp]ublish)ed|ed_?(?i:at|date|on|time)|_?(?i:date))"""
    rb"""(?:"|&quot;)\s*:\s*(?:"|&quot;)(\d{4}-\d\d-\d\d)"""
)
"""A day of publication in JSON, whatever it is the data of. Begins with letters that are easily searched for."""
LONGEST_TAG = 20_000
"""Bytes of a start tag that are looked at."""
LONGEST_TEXT = 600
"""Bytes of an element's text that are read."""
MOST_TOKENS = 200
"""In which an element's links are looked for."""
MOST_ELEMENTS = 400

PAGE, AUTHOR, DAY, COMMENT, AUTHOR_LINK = 1, 2, 4, 8, 16
"""What an element is looked at for: the page as a whole, its author, its day; COMMENT: not at all. AUTHOR_LINK: it
leads to an author."""
PAGE_TAGS = ("html", "title", "meta", "link", "script", "h1")
AUTHOR_WORDS = ("author", "authors", "byline", "bylines", "by-line", "writer", "autor", "auteur", "contributor")
DAY_WORDS = (
    "date", "published", "pubdate", "posted", "timestamp", "time", "publish", "datetime", "dateline", "updated",
)  # fmt: skip
COMMENT_WORDS = ("comment", "comments", "commentlist", "reply", "replies")


def _item_word(name: str) -> int:
    """The hash of a word in ``itemprop`` (``markup.read_start_tag``)."""
    value = name_hash(b"itemprop")
    for byte in name.encode():
        value = ((value ^ byte) * PRIME) & 0xFFFFFFFFFFFFFFFF
    return (value ^ (value >> 32)) & 0xFFFFFFFF


def _keys() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    purposes = {word_hash(word): AUTHOR for word in AUTHOR_WORDS} | {_item_word("author"): AUTHOR}
    purposes |= {word_hash(word): DAY for word in DAY_WORDS} | {_item_word("date"): DAY, _item_word("published"): DAY}
    purposes |= {word_hash(word): COMMENT for word in COMMENT_WORDS}
    keys = sorted(purposes)
    return np.array(keys, np.uint32), np.array([purposes[key] for key in keys], np.uint8)


def _tag_purposes() -> npt.NDArray[np.uint8]:
    purposes = np.zeros(len(NAMES), np.uint8)
    purposes[[TAG[name] for name in PAGE_TAGS]] = PAGE
    purposes[TAG["time"]] = DAY
    return purposes


BODY, ARTICLE, MAIN, BR = (TAG[name] for name in ("body", "article", "main", "br"))
A, LINK, SCRIPT, META = (TAG[name] for name in ("a", "link", "script", "meta"))
TAG_KEYS = np.array(sorted(name_hash(name.encode()) for name in (*META_NAMES, "canonical", "ld+json")), np.uint64)
"""Of the words that make the last three worth a look."""
LINK_KEYS = np.array([name_hash(b"author")], np.uint64)
"""Of ``rel=author``, and of addresses such as ``/author/somebody``."""
DELIMITERS = tuple(ord(mark) for mark in "\"'=<>/;")
WORD_KEYS, WORD_PURPOSES = _keys()
TAG_PURPOSES = _tag_purposes()


class Element:
    """An element of a page, read when it is asked for."""

    __slots__ = ("_attributes", "name", "page", "purpose", "token")

    def __init__(self, page: "PageElements", token: int, name: str, purpose: int) -> None:
        self.page = page
        self.token = token
        self.name = name
        """The tag's name; empty for tags that HTML does not know."""
        self.purpose = purpose
        self._attributes: dict[str, str] | None = None

    @property
    def tag(self) -> str:
        """The start tag as it stands there."""
        start, end = self.page.tokens.table[self.token, START : END + 1].tolist()
        return self.page.slice(start, min(end, start + LONGEST_TAG))

    @property
    def is_marked(self) -> bool:
        """Whether an attribute may say for machines what the text says for people."""
        return self.name == "time" or "content" in self.tag

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes by their names in lower case, the first of each, entities as characters."""
        if self._attributes is None:
            self._attributes = {}
            for name, *values in ATTRIBUTE.findall(self.tag):
                value = "".join(values)
                self._attributes.setdefault(name.lower(), unescape(value))
        return self._attributes

    @property
    def content(self) -> str:
        """What stands between the tags, as it is."""
        table = self.page.tokens.table
        return self.page.slice(table[self.token, END], table[table[self.token, MATCH], START])

    @property
    def text(self) -> str:
        """The beginning of the text in it, a line a paragraph, white space as a browser shows it."""
        return self.page.text_between(self.token, int(self.page.tokens.table[self.token, MATCH]), LONGEST_TEXT)

    @property
    def links(self) -> Iterator["Element"]:
        """The first links in it, itself too."""
        table = self.page.tokens.table
        behind = min(int(table[self.token, MATCH]), self.token + MOST_TOKENS)
        rows = table[self.token : behind]
        for offset in np.flatnonzero((rows[:, KIND] == OPEN) & (rows[:, NUMBER] == TAG["a"])).tolist():
            yield Element(self.page, self.token + offset, "a", self.purpose)


class PageElements:
    """The elements of a page that are worth looking at, in their order, those in comment sections left out."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._source = tokens.source.tobytes()
        found = _find(tokens.source, tokens.table, tokens.words)
        self.elements = [Element(self, token, NAMES[number], purpose) for token, number, purpose in found.tolist()]

    def of(self, purpose: int, *names: str) -> Iterator[Element]:
        """The elements that are looked at for ``purpose``, of these tags only if any are named."""
        return (each for each in self.elements if each.purpose & purpose and (not names or each.name in names))

    def slice(self, start: int, end: int) -> str:
        """A part of the page's source."""
        return self._source[start:end].decode("utf-8", "replace")

    def published(self) -> Iterator[str]:
        """Days of publication in the data that scripts make a page of."""
        return (found[1].decode() for found in PUBLISHED_KEY.finditer(self._source))

    def text_between(self, first: int, behind: int, most: int) -> str:
        """The texts among tokens ``first`` to ``behind``, at most ``most`` bytes of them."""
        text = _text(self.tokens.source, self.tokens.table, (first, behind), most).tobytes().decode("utf-8", "replace")
        return unescape(text).replace("\xa0", " ").strip()


@kernel
def _find(source: Source, table: Table, words: Words) -> npt.NDArray[np.int32]:
    """int32[elements, 3]: tokens of elements, their tags, and what they are looked at for."""
    found = np.empty((MOST_ELEMENTS, 3), np.int32)
    size, token, count = 0, 0, len(table) - 1
    while token < count and size < MOST_ELEMENTS:
        if table[token, KIND] != OPEN:
            token += 1
            continue
        tag = table[token, NUMBER]
        purpose = TAG_PURPOSES[tag]
        for word in range(table[token, WORDS_BEFORE], table[token + 1, WORDS_BEFORE]):
            place = np.searchsorted(WORD_KEYS, words[word])
            if place < len(WORD_KEYS) and WORD_KEYS[place] == words[word]:
                purpose |= WORD_PURPOSES[place]
        if purpose & COMMENT != 0 and FACTS[tag] & tags.VOID == 0 and tag not in (BODY, ARTICLE, MAIN):
            token = table[token, MATCH]
            continue
        if tag == A and _has_word(source, table[token, START], table[token, END], LINK_KEYS):
            purpose |= AUTHOR_LINK
        if tag in (LINK, SCRIPT, META) and not _has_word(source, table[token, START], table[token, END], TAG_KEYS):
            purpose = 0
        if purpose != 0:
            found[size, 0], found[size, 1], found[size, 2] = token, tag, purpose
            size += 1
        token += 1
    return found[:size]


@leaf
def _has_word(source: Source, start: int, end: int, keys: npt.NDArray[np.uint64]) -> bool:
    """Whether one of the words of a tag, as DELIMITERS part them, has one of these hashes (in rising order)."""
    value = uint64(OFFSET)
    for place in range(start, end):
        byte = np.int64(source[place])
        if byte <= 0x20 or byte in DELIMITERS:
            key = np.searchsorted(keys, value)
            if key < len(keys) and keys[key] == value:
                return True
            value = uint64(OFFSET)
        else:
            value = (value ^ uint64(byte | 0x20 if 0x41 <= byte <= 0x5A else byte)) * uint64(PRIME)
    return False


@kernel
def _text(source: Source, table: Table, tokens: tuple[int, int], most: int) -> npt.NDArray[np.uint8]:
    """uint8[bytes]: texts with each run of white space as a space, and a line feed where a paragraph ends."""
    written = np.empty(most + 8, np.uint8)
    size, broken, spaced = 0, False, False
    for token in range(*tokens):
        if table[token, KIND] != TEXT:
            broken |= FACTS[table[token, NUMBER]] & tags.BLOCK != 0 or table[token, NUMBER] == BR
            continue
        spaced |= table[token, STATES] & tags.SPACE != 0
        for place in range(table[token, START], table[token, END]):
            byte = source[place]
            if is_space(byte):
                spaced = True
                continue
            # A character begins here: it is written whole or not at all.
            if size >= most and byte & 0xC0 != 0x80:
                return written[:size]
            if size > 0 and (broken or spaced):
                written[size] = 0x0A if broken else 0x20
                size += 1
            broken, spaced = False, False
            written[size] = byte
            size += 1
    return written[:size]
