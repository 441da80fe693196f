"""Words by spaCy's English rules, several times faster than spaCy.

The rules are read from spaCy: regular expressions for what is cut from the front, the back and the middle of a chunk,
and special cases that win over them (https://spacy.io/usage/linguistic-features#how-tokenizer-works). Some facts on the
expressions spare most searches; `tests/filters/lexing/test_english_words.py` checks them for every character:

* no prefix starts with a letter or digit, but for ``US$`` and its like; three characters decide on a prefix;
* no suffix ends with a decimal digit; one that ends with a letter follows a digit or an apostrophe;
  three characters decide on any other, but for ``US$``, percentages, ellipses and runs of full stops;
* letters, digits and apostrophes hold no infix.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from re import Match

from spacy.symbols import ORTH

from filters.lexing.spacy_words import SpacySplitter, cut

LONGEST_SUFFIX = 6
"""Characters in spaCy's longest suffix (a unit such as ``km/h``), a run of full stops apart."""

MOST_WORDS = 100
"""Words in a chunk after which spaCy is not asked: it would take time with the square of their number."""

SEEN = 1 << 16
"""Distinct beginnings and ends of chunks to remember what is cut from them."""

_DIGIT_OR_APOSTROPHE = re.compile("[0-9'’]")
_APOSTROPHES = str.maketrans("", "", "'’")
_LONG_SUFFIX_ENDS = ("..", "…", "$", "%")


class EnglishSplitter:
    """Splits chunks exactly as ``spacy.blank("en")`` does; what these rules leave open is asked of spaCy itself."""

    def __init__(self) -> None:
        self._spacy = SpacySplitter("en")
        tokenizer = self._spacy.tokenizer
        self._prefix = tokenizer.prefix_search
        # The compiled expression can look at the end of a text and still see what stands before.
        self._suffix = tokenizer.suffix_search.__self__.search
        self._short_prefix = lru_cache(SEEN)(lambda start: _length(self._prefix(start)))
        self._short_suffix = lru_cache(SEEN)(lambda end: _length(self._suffix(end, max(len(end) - 1, 0))))
        self._infixes = tokenizer.infix_finditer
        self._url = tokenizer.url_match
        self._special: dict[str, list[str]] = {}
        # spaCy looks for special cases once more among the words it has cut ("well:)" ends with a face).
        rules = {text: [part[ORTH] for part in parts] for text, parts in tokenizer.rules.items()}
        cut = [words for text in rules if len(words := self.split(text)) > 1]
        self._open_pairs = {pair for words in cut for pair in pairwise(words)}
        self._special = rules

    def __call__(self, chunks: Sequence[str]) -> list[list[str]]:
        """The words of each chunk."""
        special = self._special
        split = [special.get(chunk) or [chunk] if chunk.isalpha() else self._split_long(chunk) for chunk in chunks]
        unsure = [i for i, words in enumerate(split) if 1 < len(words) <= MOST_WORDS and self._is_open(words)]
        for i, words in zip(unsure, self._spacy([chunks[i] for i in unsure]), strict=True):
            split[i] = words
        return split

    def _split_long(self, chunk: str) -> list[str]:
        return [word for piece in cut(chunk) for word in self.split(piece)]

    def split(self, chunk: str) -> list[str]:
        """The words of one chunk, without the second look for special cases."""
        special, front, back, core = self._special, [], [], chunk
        while core and core not in special and not core.isalpha():
            prefix = self._prefix_length(core)
            if prefix and core[prefix:] in special:
                suffix = 0
            else:
                suffix = self._suffix_length(core[prefix:])
                if suffix and core[:-suffix] in special:
                    prefix = 0
            if not prefix and not suffix:
                break
            if prefix:
                front.append(core[:prefix])
            if suffix:
                back.append(core[-suffix:])
            core = core[prefix : len(core) - suffix]
        middle = special.get(core) or self._cut_infixes(core)
        return [*front, *middle, *reversed(back)]

    def _is_open(self, words: Iterable[str]) -> bool:
        return not self._open_pairs.isdisjoint(pairwise(words))

    def _prefix_length(self, text: str) -> int:
        start = text[:3]
        if start[0].isalnum() and "$" not in start:
            return 0
        return _length(self._prefix(text)) if start.startswith("..") else self._short_prefix(start)

    def _suffix_length(self, text: str) -> int:
        end = text[-3:]
        last = end[-1:]
        if last.isalnum():
            if last.isdecimal() or not _DIGIT_OR_APOSTROPHE.search(text):
                return 0
        elif not end.endswith(_LONG_SUFFIX_ENDS):
            return self._short_suffix(end)
        start = 0 if last == "." else max(len(text) - LONGEST_SUFFIX, 0)
        return _length(self._suffix(text, start))

    def _cut_infixes(self, text: str) -> list[str]:
        if not text:
            return []
        if text.isalnum() or text.translate(_APOSTROPHES).isalnum():
            return [text]
        infixes = list(self._infixes(text))
        if not infixes or self._url(text):
            return [text]
        words, start = [], 0
        for infix in infixes:
            # spaCy leaves an infix at the very start where it is.
            if infix.start():
                words += [text[start : infix.start()], infix.group()]
                start = infix.end()
        return [word for word in (*words, text[start:]) if word]


def _length(match: Match[str] | None) -> int:
    return match.end() - match.start() if match else 0
