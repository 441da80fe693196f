"""Counts English sentences as a trained Punkt model does (Kiss and Strunk 2006, Computational Linguistics 32(4)).

A full stop ends a sentence unless the word before it is an abbreviation, an initial or a number, or an ellipsis; there
the word after it decides. Same counts as ``nltk`` 3.8.1, which C4 uses; later versions also split at curly quotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

MODEL = files("filters.lists") / "punkt_english"

# The tables of the model say in which positions a word was seen: the bits of `Model.seen`.
INSIDE_UPPER = 1 << 2
UPPER = 1 << 1 | 1 << 2 | 1 << 3
BEGIN_LOWER = 1 << 4
LOWER = 1 << 4 | 1 << 5 | 1 << 6

# Characters that no word has inside, and what words and marks look like.
NO_WORD = r"""[)";}\]*:@'({\[!?]"""
DASHES_OR_DOTS = r"-{2,}|\.{2,}|(?:\.\s){2,}\."
TOKEN = re.compile(
    rf"""{DASHES_OR_DOTS}"""
    rf"""|[^\s("`{{\[:;&#*@)}}\]\-,]\S*?(?=\s|$|{NO_WORD}|{DASHES_OR_DOTS}|,(?=$|\s|{NO_WORD}|{DASHES_OR_DOTS}))"""
    r"""|\S"""
)
CANDIDATE = re.compile(rf"[.?!](?=(?P<after>{NO_WORD}|\s+(?P<next>\S+)))")
CLOSING = re.compile(r"""["')\]}]+?(?:\s+|(?=--)|$)""")
NUMBER = re.compile(r"^-?[.,]?\d[\d,.-]*\.?$")
INITIAL = re.compile(r"[^\W\d]\.$")
ELLIPSIS = re.compile(r"\.\.+$")
WHITE_SPACE = re.compile(r"[ \t\n\r\x0b\x0c]")


@dataclass(frozen=True)
class Model:
    """What Punkt learns from a corpus: abbreviations, word pairs that a full stop does not part, sentence starters."""

    abbreviations: frozenset[str]
    collocations: frozenset[tuple[str, ...]]
    starters: frozenset[str]
    seen: dict[str, int]


class Token(NamedTuple):
    """A word or mark: its kind (lower case, numbers alike) and whether a sentence ends after it."""

    text: str
    kind: str
    ends: bool
    abbreviated: bool

    @property
    def open_kind(self) -> str:
        """The kind, without the full stop of a sentence's end."""
        return without_stop(self.kind) if self.ends else self.kind


@cache
def english() -> Model:
    """The model that comes with Orchard."""

    def rows(name: str) -> Iterator[list[str]]:
        return (line.split("\t") for line in (MODEL / name).read_text(encoding="utf-8").split("\n") if line)

    return Model(
        abbreviations=frozenset(word for (word,) in rows("abbrev_types.txt")),
        collocations=frozenset(tuple(pair) for pair in rows("collocations.tab")),
        starters=frozenset(word for (word,) in rows("sent_starters.txt")),
        seen={word: int(flags) for word, flags in rows("ortho_context.tab")},
    )


def count_sentences(text: str, model: Model) -> int:
    """The number of sentences in a text."""
    count, begin = 0, 0
    for stop, following in breaks(text, model):
        # Closing quotes and brackets after a full stop belong to the sentence that it ends.
        closing = CLOSING.match(text, following)
        count += closing is not None or stop > begin
        begin = closing.end() if closing else following
    return count + (len(text.rstrip()) > begin)


def breaks(text: str, model: Model) -> Iterator[tuple[int, int]]:
    """Where sentences end, and where what follows begins."""
    for found, context in candidates(text):
        tokens = [token(part, model) for part in TOKEN.findall(context)]
        # A break after the last token parts nothing.
        if any(is_end(first, second, model) for first, second in pairwise(tokens)):
            yield found.end(), found.start("next") if found.group("next") else found.end()


def candidates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Marks that may end a sentence, each with the word before and the word or mark after it."""
    last: re.Match[str] | None = None
    begin, end = 0, 0
    for found in CANDIDATE.finditer(text):
        spaces = [space.end() for space in WHITE_SPACE.finditer(text, end, found.start()) if space.start() > end]
        word = spaces[-1] if spaces else begin
        # Of several marks in one word, as in "Stop!!!", only the last counts.
        if last is not None and end <= word:
            yield last, text[begin:end] + last.group() + last.group("after")
        last, begin, end = found, word, found.start()
    if last is not None:
        yield last, text[begin:end] + last.group() + last.group("after")


def token(text: str, model: Model) -> Token:
    """A token with what its form alone says."""
    kind = NUMBER.sub("##number##", text.lower())
    if text in (".", "?", "!"):
        return Token(text, kind, ends=True, abbreviated=False)
    if not text.endswith(".") or text.endswith(".."):
        return Token(text, kind, ends=False, abbreviated=False)
    word = text[:-1].lower()
    abbreviated = word in model.abbreviations or word.rsplit("-", 1)[-1] in model.abbreviations
    return Token(text, kind, ends=not abbreviated, abbreviated=abbreviated)


def is_end(first: Token, second: Token, model: Model) -> bool:
    """Whether a sentence ends between two tokens."""
    if not first.text.endswith("."):
        return first.ends
    kind, following = without_stop(first.kind), second.open_kind
    if (kind, following) in model.collocations:
        return False
    starts = starts_sentence(second, model)
    upper = second.text[0].isupper()
    if INITIAL.match(first.text):
        never_lower = not model.seen.get(following, 0) & LOWER
        return first.ends and not (starts is False or (starts is None and upper and never_lower))
    if (first.abbreviated or ELLIPSIS.match(first.text)) and (starts or (upper and following in model.starters)):
        return True
    return first.ends and not (kind == "##number##" and starts is False)


def starts_sentence(word: Token, model: Model) -> bool | None:
    """Whether the case of a word says that it begins a sentence; None where it does not say."""
    if word.text in (";", ":", ",", ".", "!", "?"):
        return False
    seen = model.seen.get(word.open_kind, 0)
    if word.text[0].isupper() and seen & LOWER and not seen & INSIDE_UPPER:
        return True
    if word.text[0].islower() and (seen & UPPER or not seen & BEGIN_LOWER):
        return False
    return None


def without_stop(kind: str) -> str:
    """The kind of a token without its full stop."""
    return kind[:-1] if len(kind) > 1 and kind.endswith(".") else kind
