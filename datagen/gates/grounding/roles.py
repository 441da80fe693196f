"""Roles: whether people of a conversation do in its summary what they do in it, or each other's part."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from spacy.tokens import Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.english import English, tells_in_english
from datagen.gates.grounding.mentions import Mention, Role, mentions
from datagen.gates.grounding.speech import Speech, Spoken
from datagen.products.summary import Summary

WEIGHTS: Mapping[Role, Mapping[str, float]] = {
    "asks": {"first": 3, "of_speaker": 1.5, "of_hearer": -2},
    "tells": {"said": 3, "alone": 2, "first": -1, "asked": -2, "answers": 1},
    "says": {"said": 1, "alone": 1, "first": 4, "subject": 1, "of_speaker": 1, "answers": 0.5},
    "is": {"subject": 3, "of_speaker": 3.5, "follows": 1},
    "does": {"said": 2, "alone": 1.5, "subject": 4, "of_speaker": 2.5, "of_hearer": 2.5, "follows": 1.5},
    "owns": {"subject": 1.5, "of_speaker": 1.5, "of_hearer": 2.5},
    "other": {"said": -0.5, "subject": -0.5, "of_speaker": 1, "of_hearer": 1.5, "asked": 1, "follows": -1.5},
}
"""What speaks for a person in a role, from a logistic model of exchanged names on the half of DialogSum and SAMSum that
bounds are chosen on, scaled and rounded by hand."""
OWN_WORDS = 2
"""Words of what a person does that only another one must tell of themselves, to be sure that it is the other one."""
FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
"""Tags of verbs that have a subject of their own."""


class RolesGate(EachSummary):
    """Rejects summaries of conversations in which people do what others do there. English only; others pass.

    Two people may have changed places all over the summary, or one is said to do what only another one tells of
    themselves: "I'm running late", says Perry, and "Bass is running late", says the summary.
    """

    name = "roles"

    def __init__(self, english: English, max_doubt: float) -> None:
        self._english, self._max_doubt = english, max_doubt

    def verdict(self, sample: Summary) -> Verdict:
        """The score is how much better two people's names would fit if they were exchanged."""
        bound = f"<= {self._max_doubt:g}"
        if not tells_in_english(sample):
            return self.passed(0.0, bound)
        speech = Speech.of(self._english.payload(sample.payload))
        found = mentions(self._english.read(sample.text), speech.named)
        twice = next((mention.person for mention in found if _is_object_too(mention, found)), "")
        if twice:
            return self.failed(1.0, "no object of one's own doing", "person_is_subject_and_object", twice)
        score, names = max(doubts(found, speech), default=(0.0, ""))
        if score > self._max_doubt:
            return self.failed(score, bound, "people_exchanged", names)
        other = next(filter(None, (whose_it_is(mention, speech) for mention in found)), "")
        if other:
            return self.failed(1.0, "nobody does what only another one tells of", "done_by_another", other)
        return self.passed(max(0.0, score), bound)


def _is_object_too(mention: Mention, found: Sequence[Mention]) -> bool:
    """Whether a subject is named again as its verb's object: "Ann tells Ann", which should be "herself"."""
    if mention.role in ("owns", "other"):
        return False
    names = [other for other in found if other.person == mention.person and other.role == "other"]
    return any(
        other.named and not _begins_clause(other.token) and _verb_of(other.token).i == mention.token.head.i
        for other in names
    )


def _begins_clause(token: Token) -> bool:
    """Whether a verb follows a name, so that it is no object, whatever the parser says: "tells Ann Ann has ..."."""
    return token.i + 1 < len(token.doc) and token.nbor().tag_ in FINITE


def _verb_of(token: Token) -> Token:
    head = token.head
    while head.dep_ in ("prep", "dative", "agent") and head.head is not head:
        head = head.head
    return head


def whose_it_is(mention: Mention, speech: Speech) -> str:
    """Who does what is said of a mention, where only one other person of the conversation does any of it; else empty.

    Only of names that stand alone: "Ann and Bo" do what one of them tells, and "she" may be the one or the other.
    """
    stands_alone = mention.token.dep_ != "conj" and all(child.dep_ != "conj" for child in mention.token.children)
    if mention.role not in ("does", "is") or not mention.named or not stands_alone:
        return ""
    told = [places for word in mention.words if (places := speech.spoken.get(word))]
    if any(mention.person in (place.speaker, place.subject) for places in told for place in places):
        return ""
    people = [{place.subject for place in places if place.subject} for places in told]
    known = [each for each in people if each]
    owners = set().union(*known)
    return owners.pop() if len(known) >= OWN_WORDS and len(owners) == 1 else ""


def doubts(found: Sequence[Mention], speech: Speech) -> Iterator[tuple[float, str]]:
    """Of each two people that a summary names: how much better it would fit if they were exchanged."""
    fits = [{person: fit(person, mention, speech) for person in speech.people} for mention in found]
    named = [person for person in speech.people if any(mention.person == person for mention in found)]
    for one, other in combinations(named, 2):
        gain = 0.0
        for mention, by in zip(found, fits, strict=True):
            if mention.person in (one, other):
                gain += by[other if mention.person == one else one] - by[mention.person]
        yield gain, f"{one} / {other}"


def fit(person: str, mention: Mention, speech: Speech) -> float:
    """How well what is said of a mention suits a person: the weights of its role times the signs of its words."""
    total = 0.0
    for word in mention.words:
        spoken = speech.spoken.get(word)
        if spoken:
            found = signs(person, spoken)
            total += speech.weight(word) * sum(w * found[sign] for sign, w in WEIGHTS[mention.role].items())
    return total


def signs(person: str, spoken: Sequence[Spoken]) -> Mapping[str, float]:
    """What a word's places in a conversation say of a person: shares of the places, 0 to 1."""
    count = len(spoken)
    said = sum(s.speaker == person for s in spoken) / count
    return {
        "said": said,
        "alone": float(said == 1),
        "first": float(spoken[0].speaker == person),
        "subject": sum(s.subject == person for s in spoken) / count,
        "of_speaker": sum(s.speaker == person and s.of_speaker for s in spoken) / count,
        "of_hearer": sum(s.hearer == person and s.of_hearer for s in spoken) / count,
        "asked": sum(s.speaker == person and s.asked for s in spoken) / count,
        "follows": sum(s.follower == person for s in spoken) / count,
        "answers": sum(s.follower == person and s.asked for s in spoken) / count,
    }
