"""Names in a text, and whether another text has them too."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc, Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.english import English
from datagen.gates.grounding.quantities import DAY, MONTH
from datagen.gates.rules.language import language_of
from datagen.gates.text import word_set
from datagen.payloads.people import known_first_names
from datagen.products.summary import Summary

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
CAPITALISED_RUN = re.compile(r"(?:\b[A-Z][\w'&-]*(?: (?:of|and|for|the))* ?){2,}")
POSSESSIVE = re.compile(r"['’]s?$")
I_AM = re.compile(r"I['’]")
"""Behind an ellipsis spaCy leaves "I'm" in one piece."""
PREFIX = 4
"""Letters that two forms of one name share: Italy and Italian, Sam and Samantha need all of the shorter one."""
ACRONYM = 3
"""Letters from which on a word in capitals is a name wherever it stands."""
LONG_NAME = 6
"""Letters from which on two names that differ by one letter are one."""
TITLES = word_set(
    "mr mrs ms miss dr prof sir madam lord lady dear president minister king queen mum mom dad daddy mummy "
    "mommy grandma grandpa aunt uncle professor doctor captain sgt inspector officer detective judge senator "
    "governor"
)
NOT_NAMES = word_set(
    "i ex ok okay english tv pm am re fw fwd id faq pdf asap fyi eta ceo usa us uk eu ps"
)  # fmt: skip
FORMS = {
    form: word_set(group)
    for group in (
        "uk british britain",
        "us usa american america",
        "french france",
        "spanish spain",
        "welsh wales",
        "dutch netherlands holland",
        "greek greece",
        "danish denmark",
        "polish poland",
        "turkish turkey",
        "scottish scotland scots",
        "irish ireland",
        "english england",
        "chinese china",
        "swiss switzerland",
        "swedish sweden",
        "finnish finland",
        "philippine filipino",
        "christmas xmas",
        "tv television",
    )
    for form in group.split()
}
"""Forms of a name that share few letters."""


@dataclass(frozen=True)
class Name:
    """Capitalised words that stand together."""

    words: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class NamesOf:
    """What names are looked up in: the words of a text in lower case, without possessives."""

    words: Set[str]
    """All of them, since a payload may not care for capitals; two that stand together are one more: "e mail"."""
    capitalised: Set[str]
    """Those in capitals, of which other forms count too: Italy is Italian, but "ted" is not "tedious"."""
    initials: Set[str]
    """Acronyms of capitalised words in a row."""
    followed: Set[str]
    """Capitalised words with another behind them: "Luke" of "Luke Rowe"."""
    preceded: Set[str]
    """Capitalised words with another before them: "Rowe"."""

    @classmethod
    def of(cls, text: str) -> "NamesOf":
        """What the text has."""
        found = [(m[0], m.start(), m.end()) for m in WORD.finditer(text)]
        bare = [POSSESSIVE.sub("", word.lower()) for word, _, _ in found]
        is_name = [
            word[0].isupper() and low not in TITLES | STOP_WORDS for (word, *_), low in zip(found, bare, strict=True)
        ]
        together = [
            at for at in range(len(found) - 1) if text[found[at][2] : found[at + 1][1]] in (" ", "-", "", "\u00a0")
        ]
        pairs = [at for at in together if is_name[at] and is_name[at + 1]]
        runs = [re.findall(r"[A-Z]", run) for run in CAPITALISED_RUN.findall(text)]
        return cls(
            words=frozenset(bare) | {bare[at] + bare[at + 1] for at in together},
            capitalised=frozenset(low for low, named in zip(bare, is_name, strict=True) if named),
            initials=frozenset(
                "".join(run[at:end]).lower()
                for run in runs
                for at in range(len(run))
                for end in range(at + 2, len(run) + 1)
            ),
            followed=frozenset(bare[at] for at in pairs),
            preceded=frozenset(bare[at + 1] for at in pairs),
        )

    def has(self, name: Name) -> bool:
        """Whether the name is there; of several words some may be missing, where the text never gives the full form."""
        there = [self.has_word(word) for word in name.words]
        if all(there):
            return True
        if not any(there) or len(name.words) == 1:
            return "".join(word[0] for word in name.words) in self.words and len(name.words) > 1
        known = [(at, word) for at, word in enumerate(name.words) if there[at]]
        return not any(
            (at > 0 and not there[at - 1] and word in self.preceded)
            or (at + 1 < len(there) and not there[at + 1] and word in self.followed)
            for at, word in known
        )

    def has_word(self, word: str) -> bool:
        """Whether a word stands there, in this form or another, or as an acronym."""
        if word in self.words or word in self.initials or not FORMS.get(word, frozenset()).isdisjoint(self.words):
            return True
        return len(word) >= 3 and any(_same_name(word, other) for other in self.capitalised)


def _same_name(word: str, other: str) -> bool:
    """Forms of one name: the shorter begins the longer, they share most letters, or one has a slip of the pen."""
    if min(len(word), len(other)) < 3 or word[0] != other[0]:
        return False
    short, long = sorted((word, other), key=len)
    if long.startswith(short) and len(short) >= 3:
        return True
    common = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if common >= PREFIX and common >= len(short) - 2:
        return True
    return len(short) >= 5 and len(long) - len(short) <= 1 and _one_slip(short, long)


def _one_slip(short: str, long: str) -> bool:
    """Whether one letter more, less or exchanged with its neighbour makes ``short`` into ``long``; another one, in long
    names."""
    if len(short) == len(long):
        differing = [at for at, (a, b) in enumerate(zip(short, long, strict=True)) if a != b]
        if len(differing) == 1:
            return len(short) >= LONG_NAME
        return len(differing) == 2 and differing[1] - differing[0] == 1 and sorted(short) == sorted(long)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def names(doc: Doc, ordinary: Set[str]) -> list[Name]:
    """The names in a text, in order: runs of proper nouns, and other words in capitals inside a sentence.

    In a text that is written like a title, words of the language (``ordinary``, lemmas) by themselves are no names.
    """
    found: list[Name] = []
    run: list[Token] = []
    is_title = _is_title(doc)
    for token in [*doc, None]:
        if token is not None and _is_name(token):
            run.append(token)
            continue
        shouted = len(run) == 1 and run[0].is_upper and run[0].lower_ in ordinary
        if not shouted and not (is_title and all(_is_ordinary(part, ordinary) for part in run)):
            found.extend(_name(run))
        run = []
    return found


def _shouts(doc: Doc) -> bool:
    """Whether most words are in capitals throughout."""
    found = [token for token in doc if token.is_alpha]
    return sum(token.is_upper for token in found) > len(found) / 2


def _is_title(doc: Doc) -> bool:
    """Whether most words begin with a capital: ``Happy Holidays``."""
    words = [token.text for token in doc if token.is_alpha and not token.is_stop]
    return sum(word[0].isupper() for word in words) > len(words) / 2


def _is_ordinary(token: Token, ordinary: Set[str]) -> bool:
    word = token.lower_
    singular = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
    return not token.is_upper and word not in known_first_names() and not ordinary.isdisjoint((word, singular))


def _name(run: list[Token]) -> Iterator[Name]:
    words = tuple(
        POSSESSIVE.sub("", part.lower())
        for token in run
        for part in re.split(r"[-/.]", token.text)
        if part and part.lower() not in TITLES
    )
    if words:
        yield Name(words, " ".join(token.text for token in run))


def _is_name(token: Token) -> bool:
    text = token.text
    if I_AM.match(text):
        return False
    if not text[0].isupper() or not any(c.isalpha() for c in text) or text.lower() in NOT_NAMES | TITLES:
        return False
    if MONTH.fullmatch(text) or DAY.fullmatch(text):
        return False
    if token.is_upper and len(text) >= ACRONYM and not token.is_stop and not _shouts(token.doc):
        return True
    if token.is_sent_start or token.i == 0 or token.nbor(-1).text in ('"', "“", "‘", "'", ":", "-", "–", "•"):
        return token.pos_ == "PROPN" or text.lower() in known_first_names()
    return token.pos_ in ("PROPN", "NOUN", "ADJ", "X") and not token.is_stop


class NamesGate(EachSummary):
    """Rejects summaries with a name that the payload does not have. English only; others pass."""

    name = "names"

    def __init__(self, english: English) -> None:
        self._english = english

    def verdict(self, sample: Summary) -> Verdict:
        """The score is how many names the payload lacks."""
        bound = "0 names that the payload lacks"
        if language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, bound)
        there = NamesOf.of(f"{sample.source}\n{sample.payload.reader or ''}")
        missing = [
            name for name in names(self._english.read(sample.text), self._english.ordinary) if not there.has(name)
        ]
        if missing:
            return self.failed(len(missing), bound, "name_not_in_payload", missing[0].text)
        return self.passed(0, bound)
