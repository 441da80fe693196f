"""Words by spaCy's English rules, several times faster than spaCy.

The rules are read from spaCy: regular expressions for what is cut from the front, the back and the middle of a chunk,
and special cases that win over them (https://spacy.io/usage/linguistic-features#how-tokenizer-works). Three facts on
the expressions, which `tests/filters/lexing/test_english_words.py` checks for every character, spare most searches:
no prefix starts with a letter or digit unless it holds a ``$``; a suffix that ends with one follows a digit or an
apostrophe; letters, digits and apostrophes hold no infix.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from spacy.symbols import ORTH

from filters.lexing.spacy_words import BREAKS_SPACY, SpacySplitter

LONGEST_SUFFIX = 6
"""Characters in spaCy's longest suffix (a unit such as ``km/h``), a run of full stops apart."""

_DIGIT_OR_APOSTROPHE = re.compile("[0-9'’]")
_APOSTROPHES = str.maketrans("", "", "'’")
_LONG_SUFFIX_ENDS = frozenset("…$%")


class EnglishSplitter:
    """Splits chunks exactly as ``spacy.blank("en")`` does; what these rules leave open is asked of spaCy itself."""

    def __init__(self) -> None:
        self._spacy = SpacySplitter("en")
        tokenizer = self._spacy.tokenizer
        self._prefix = tokenizer.prefix_search
        self._suffix = tokenizer.suffix_search.__self__
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
        chunks = [chunk.replace(BREAKS_SPACY, "") for chunk in chunks]
        split = [self.split(chunk) for chunk in chunks]
        unsure = [i for i, words in enumerate(split) if len(words) > 1 and self._is_open(words)]
        for i, words in zip(unsure, self._spacy([chunks[i] for i in unsure]), strict=True):
            split[i] = words
        return split

    def split(self, chunk: str) -> list[str]:
        """The words of one chunk, without the second look for special cases."""
        special, front, back, core = self._special, [], [], chunk
        while core and core not in special:
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
        if text[0].isalnum() and "$" not in text:
            return 0
        match = self._prefix(text)
        return match.end() if match else 0

    def _suffix_length(self, text: str) -> int:
        if not text:
            return 0
        last = text[-1]
        if last.isalnum():
            if not _DIGIT_OR_APOSTROPHE.search(text):
                return 0
            start = len(text) - LONGEST_SUFFIX
        elif last in _LONG_SUFFIX_ENDS:
            start = len(text) - LONGEST_SUFFIX
        else:
            start = 0 if text.endswith("..") else len(text) - 1
        match = self._suffix.search(text, max(start, 0))
        return match.end() - match.start() if match else 0

    def _cut_infixes(self, text: str) -> list[str]:
        if not text:
            return []
        if text.translate(_APOSTROPHES).isalnum():
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
