"""A conversation as evidence of who does what: every word with who says it, of whom, and who speaks next."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from datagen.gates.grounding.clauses import clauses
from datagen.gates.grounding.english import Said
from datagen.gates.grounding.evidence import stem
from datagen.gates.text import word_set

FIRST = word_set("i me my mine myself we us our ours im")
SECOND = word_set("you your yours yourself u ur")


@dataclass(frozen=True)
class Spoken:
    """A word in a turn."""

    turn: int
    speaker: str | None
    hearer: str | None
    """The other one of two people; of more, who spoke before."""
    follower: str | None
    """Who speaks next."""
    subject: str | None
    """Of whom its clause is said, "I" and "you" resolved; None, where that is nobody of the conversation."""
    of_speaker: bool
    """Whether its sentence has an "I"."""
    of_hearer: bool
    """Whether its sentence has a "you"."""
    asked: bool
    """Whether its sentence is a question."""


@dataclass(frozen=True)
class Speech:
    """The words of a conversation by their stems."""

    people: tuple[str, ...]
    """Who speaks, in the order of their first turns."""
    spoken: Mapping[str, Sequence[Spoken]]
    turns: int

    @classmethod
    def of(cls, said: Sequence[Said]) -> "Speech":
        """The speech of a payload's parts."""
        people = tuple(dict.fromkeys(part.sender for part in said if part.sender and part.sender.strip()))
        spoken: dict[str, list[Spoken]] = defaultdict(list)
        for turn, part in enumerate(said):
            before = _another(part.sender, said[turn - 1 :: -1] if turn else [])
            hearer = before if len(people) != 2 else next(p for p in people if p != part.sender)
            follower = _another(part.sender, said[turn + 1 :])
            for word, subject, of_speaker, of_hearer, asked in _words(part.doc, part.sender, hearer, people):
                spoken[word].append(Spoken(turn, part.sender, hearer, follower, subject, of_speaker, of_hearer, asked))
        return cls(people, spoken, len(said))

    @cached_property
    def named(self) -> Mapping[str, str]:
        """Words of people's names in lower case, to the one person who is called so."""
        owners: dict[str, set[str]] = defaultdict(set)
        for person in self.people:
            for word in person.lower().split():
                owners[word].add(person)
        return {word: next(iter(found)) for word, found in owners.items() if len(found) == 1}

    def weight(self, word: str) -> float:
        """How much a stem tells: the fewer turns have it, the more (inverse turn frequency); 0: no turn has it."""
        having = len({spoken.turn for spoken in self.spoken.get(word, ())})
        return math.log(1 + self.turns / having) if having else 0.0


def _another(person: str | None, parts: Sequence[Said]) -> str | None:
    return next((part.sender for part in parts if part.sender != person), None)


def _words(
    doc: Doc, speaker: str | None, hearer: str | None, people: Sequence[str]
) -> Iterator[tuple[str, str | None, bool, bool, bool]]:
    """Each word's stem, the person its clause is said of, and whether its sentence says "I", says "you", and asks."""
    subjects: dict[int, str | None] = {}
    for clause in clauses(doc):
        who = clause.subject.lower_ if clause.subject is not None else ""
        named = next((person for person in people if person.lower().split()[0] == who), None)
        person = speaker if who in FIRST else hearer if who in SECOND else named
        subjects.update((token.i, person) for token in clause.tokens)
    for sentence in doc.sents:
        low = {token.lower_ for token in sentence}
        signs = not low.isdisjoint(FIRST), not low.isdisjoint(SECOND), "?" in low
        for token in sentence:
            if token.is_alpha:
                yield stem(token), subjects.get(token.i), *signs
