"""Words by spaCy's English rules, several times faster than spaCy.

The rules are spaCy's: regular expressions for what is cut from the front, the back and the middle of a chunk, and
special cases that win over them (https://spacy.io/usage/linguistic-features#how-tokenizer-works). Some facts on the
expressions spare most searches; `tests/filters/lexing/test_english_words.py` checks them for every character:

* no prefix starts with a letter or digit, but for ``US$`` and its like; three characters decide on a prefix;
* no suffix ends with a decimal digit; one that ends with a letter follows a digit or an apostrophe;
  three characters decide on any other, but for ``US$``, percentages, ellipses and runs of full stops;
* letters, digits and apostrophes hold no infix.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from re import Match

from filters.lexing.english_rules import read_rules
from filters.lexing.pieces import LONGEST_CHUNK, cut

LONGEST_SUFFIX = 6
"""Characters in spaCy's longest suffix (a unit such as ``km/h``), a run of full stops apart."""

SEEN = 1 << 16
"""Distinct beginnings and ends of chunks to remember what is cut from them."""

_DIGIT_OR_APOSTROPHE = re.compile("[0-9'’]")
_APOSTROPHES = str.maketrans("", "", "'’")
_LONG_SUFFIX_ENDS = ("..", "…", "$", "%")


class EnglishSplitter:
    """Splits chunks exactly as ``spacy.blank("en")`` does."""

    def __init__(self) -> None:
        rules = read_rules()
        self._prefix, self._suffix = rules.prefix.search, rules.suffix.search
        self._short_prefix = lru_cache(SEEN)(lambda start: _length(self._prefix(start)))
        # A compiled expression can look at the end of a text and still see what stands before.
        self._short_suffix = lru_cache(SEEN)(lambda end: _length(self._suffix(end, max(len(end) - 1, 0))))
        self._infixes, self._url = rules.infix.finditer, rules.url.match
        self._special: dict[str, list[str]] = {}
        runs = {text: tuple(self.split(text)) for text in rules.special}
        self._special = rules.special
        self._special_runs: dict[tuple[str, ...], list[str]] = {
            run: rules.special[text] for text, run in runs.items() if len(run) > 1
        }
        self._special_pairs = {pair for run in self._special_runs for pair in pairwise(run)}
        self._longest_run = max(map(len, self._special_runs))

    def __call__(self, chunks: Sequence[str]) -> list[list[str]]:
        """The words of each chunk."""
        return [self._special.get(chunk) or [chunk] if chunk.isalpha() else self._split_long(chunk) for chunk in chunks]

    def _split_long(self, chunk: str) -> list[str]:
        core, last = chunk[:-1], chunk[-1]
        is_marked = core.isalpha() and not last.isalnum() and len(chunk) <= LONGEST_CHUNK
        if is_marked and chunk not in self._special and self._suffix_length(chunk) == 1:
            # Letters with a mark behind them, as most chunks are: the same with less to look for.
            return self._join_special([*self._special.get(core, (core,)), last])
        return [word for piece in cut(chunk) for word in self._join_special(self.split(piece))]

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

    def _join_special(self, words: list[str]) -> list[str]:
        """Second look for special cases, among the words that were cut ("well:)" ends with a face).

        Of runs that overlap the longest counts, then the first (``Tokenizer._apply_special_cases``).
        """
        if self._special_pairs.isdisjoint(pairwise(words)):
            return words
        taken: set[int] = set()
        runs: dict[int, int] = {}
        for start, end in sorted(self._runs(words), key=lambda run: (run[0] - run[1], run[0])):
            if start not in taken and end - 1 not in taken:
                runs[start] = end
            taken.update(range(start, end))
        joined: list[str] = []
        position = 0
        while position < len(words):
            end = runs.get(position, position)
            joined += self._special_runs[tuple(words[position:end])] if end > position else [words[position]]
            position = max(end, position + 1)
        return joined

    def _runs(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """Where runs of words are a special case that was cut: start and end, exclusive."""
        for start in range(len(words)):
            if tuple(words[start : start + 2]) in self._special_pairs:
                for end in range(start + 2, min(start + self._longest_run, len(words)) + 1):
                    if tuple(words[start:end]) in self._special_runs:
                        yield start, end

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
