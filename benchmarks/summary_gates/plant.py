"""Plants faults in human references, deterministically: what a gate must catch is known exactly."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from datagen.gates.grounding.english import English
from datagen.payloads.people import known_first_names
from datagen.products.summary import Summary
from schemas.summaries.answers import TextAnswer

NUMBER = re.compile(r"(?<![\w.,#])\d+(?:[.,]\d+)*(?![\w#])")
WRITTEN = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty",
    "thirty", "forty", "fifty",
]  # fmt: skip
WRITTEN_NUMBER = re.compile(rf"\b(?:{'|'.join(WRITTEN)})\b", re.IGNORECASE)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January", "February", "March", "April", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
TIMELY = re.compile(rf"\b(?:{'|'.join(DAYS + MONTHS)})\b")
RELATIVE = ["yesterday", "tomorrow", "last night", "last week", "next week", "last month", "next month", "next weekend"]
ANY_RELATIVE = re.compile(rf"\b(?:{'|'.join(RELATIVE)}|today|tonight)\b", re.IGNORECASE)
AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|can|could|should|has|have|had|must|may|might|does|did|do)\b(?! (?:not"
    r"|never|n't))(?!n't)"
)
NOT = re.compile(
    r"\b(is|are|was|were|will|would|could|should|has|have|had|must|may|might|does|did|do|can)(?:n['’]t|"
    r" not)\b|\bcan(?:not|['’]t)\b|\bwon['’]t\b"
)
CONTRACTED = {"can't": "can", "cannot": "can", "won't": "will", "can’t": "can", "won’t": "will"}


@dataclass(frozen=True)
class Planted:
    """A reference with a fault."""

    fault: str
    sample: Summary
    original: Summary


Planter = Callable[[Summary, Sequence[Summary], random.Random, English], str | None]
"""The faulty text of a reference, with other references to take from; None where it cannot be planted."""


ROUNDS = 4
"""How often a reference may be used, each time with another fault: few have a number or a denial."""


def plant(fault: str, samples: Sequence[Summary], count: int, seed: int, english: English) -> list[Planted]:
    """Up to ``count`` faults of one kind, over the references in a seeded order; no two are the same."""
    rng = random.Random(f"{seed}/{fault}")
    order = list(samples)
    rng.shuffle(order)
    found: dict[tuple[str, str], Planted] = {}
    for sample in order * ROUNDS:
        if len(found) == count:
            break
        text = FAULTS[fault](sample, order, rng, english)
        if text is not None and text != sample.text:
            faulty = Summary(sample.payload, sample.product, sample.instruction, TextAnswer(summary=text))
            found.setdefault((sample.payload.payload_id, text), Planted(fault, faulty, sample))
    return list(found.values())


def proper_nouns(doc: Doc) -> list[str]:
    """The distinct names of a text: single proper nouns, such as people and places."""
    names = [t.text for t in doc if t.pos_ == "PROPN" and t.text.isalpha() and t.text[0].isupper() and len(t.text) > 2]
    return list(dict.fromkeys(name for name in names if name not in DAYS + MONTHS + ["Mr", "Mrs", "Miss", "May"]))


@cache
def common_words(samples: tuple[Summary, ...]) -> frozenset[str]:
    """Words that stand in lower case somewhere in the references: "Update" in a subject line is no name."""
    return frozenset(word for sample in samples for word in re.findall(r"\b[a-z]+\b", sample.text))


def name_from_elsewhere(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """A name becomes one that the payload does not have."""
    common = common_words(tuple(others))
    mine = [n for n in proper_nouns(english.read(sample.text)) if n in sample.source and n.lower() not in common]
    if not mine:
        return None
    old = rng.choice(mine)
    for _ in range(50):
        new = rng.choice(proper_nouns(english.read(rng.choice(others).text)) or [old])
        if new.lower() not in sample.source.lower() and new.lower() not in common:
            return _replaced(sample.text, old, new)
    return None


def names_exchanged(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """Two people of the payload change places throughout the summary."""
    there = _senders(sample) | {name for name in known_first_names() if name.title() in sample.source}
    people = [n for n in proper_nouns(english.read(sample.text)) if n in there or n.lower() in there]
    if len(people) < 2:
        return None
    first, second = sorted(rng.sample(people, 2), key=sample.text.index)
    if re.search(rf"{first}(?:'s friend)?(?:,| and) {second}", sample.text):
        return None
    return _replaced(_replaced(_replaced(sample.text, first, "\0"), second, first), "\0", second)


def person_replaced(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """The subject of a clause becomes another person of the same conversation."""
    doc = english.read(sample.text)
    subjects = [t for t in doc if t.dep_ in ("nsubj", "nsubjpass") and t.text in _senders(sample) and not _listed(t)]
    if not subjects:
        return None
    subject = rng.choice(subjects)
    others_here = sorted(_senders(sample) - {subject.text})
    new = rng.choice(others_here) if others_here else None
    return None if new is None else sample.text[: subject.idx] + new + sample.text[subject.idx + len(subject.text) :]


def first_person(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """The subject of a clause becomes "I" or "we"."""
    subjects = [
        t for t in english.read(sample.text) if t.dep_ == "nsubj" and t.pos_ in ("PROPN", "PRON") and not _listed(t)
    ]
    subjects = [t for t in subjects if t.text[0].isupper() or t.text in ("he", "she", "they")]
    if not subjects:
        return None
    subject = rng.choice(subjects)
    return (
        sample.text[: subject.idx]
        + rng.choice(["I", "We" if subject.i == 0 else "we"])
        + sample.text[subject.idx + len(subject) :]
    )


def number_changed(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """A number, weekday or month that stands in the payload becomes one that does not."""
    found = [
        m
        for pattern in (NUMBER, WRITTEN_NUMBER, TIMELY)
        for m in pattern.finditer(sample.text)
        if m[0].lower() in sample.source.lower()
    ]
    if not found:
        return None
    old = rng.choice(found)
    for _ in range(50):
        new = _other_number(old[0], rng)
        if not re.search(rf"\b{re.escape(new.lower())}\b", sample.source.lower()):
            return sample.text[: old.start()] + new + sample.text[old.end() :]
    return None


def number_from_payload(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """A number becomes another one of the same payload."""
    found = list(NUMBER.finditer(sample.text))
    if not found:
        return None
    old = rng.choice(found)
    there = sorted({m[0] for m in NUMBER.finditer(sample.source)} - {m[0] for m in found})
    return sample.text[: old.start()] + rng.choice(there) + sample.text[old.end() :] if there else None


def day_told(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """A day such as "tomorrow" becomes another one; where there is none, the last sentence gets one."""
    lacking = [day for day in RELATIVE if day not in sample.source.lower()]
    if not lacking:
        return None
    new, found = rng.choice(lacking), list(ANY_RELATIVE.finditer(sample.text))
    if found:
        old = rng.choice(found)
        return sample.text[: old.start()] + new + sample.text[old.end() :]
    body = sample.text.rstrip(" .!?")
    return f"{body} {new}{sample.text[len(body) :]}"


def negation_inserted(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """A clause says the contrary: "not" after an auxiliary, or "does not" before a verb."""
    text = sample.text
    places = [(m.end(), m.end(), " not") for m in AUXILIARY.finditer(text)]
    for token in english.read(text):
        negated = any(child.dep_ in ("neg", "aux", "auxpass") for child in token.children)
        has_subject = any(child.dep_ == "nsubj" for child in token.children)
        if token.tag_ in ("VBZ", "VBP", "VBD") and has_subject and not negated and token.lemma_ not in ("be", "have"):
            helper = {"VBZ": "does", "VBP": "do", "VBD": "did"}[token.tag_]
            places.append((token.idx, token.idx + len(token.text), f"{helper} not {token.lemma_}"))
    if not places:
        return None
    start, end, new = rng.choice(places)
    return text[:start] + new + text[end:]


def negation_removed(sample: Summary, others: Sequence[Summary], rng: random.Random, english: English) -> str | None:
    """A clause that denies something now says it."""
    found = list(NOT.finditer(sample.text))
    if not found:
        return None
    old = rng.choice(found)
    new = CONTRACTED.get(old[0].lower(), old[1])
    return sample.text[: old.start()] + (new or old[0]) + sample.text[old.end() :]


def clause_from_elsewhere(
    sample: Summary, others: Sequence[Summary], rng: random.Random, english: English
) -> str | None:
    """A sentence of another reference is added, said of this one's people: one that surely says something else, since
    the payload lacks two of its longer words ("Ann thanks Bo" may be true of any conversation)."""
    for _ in range(50):
        other = rng.choice(others)
        if other.payload.payload_id == sample.payload.payload_id:
            continue
        source = sample.source.lower()
        sentences = [
            sentence.text.strip()
            for sentence in english.read(other.text).sents
            if len(sentence.text.split()) >= 5
            and sum(t.is_alpha and t.pos_ != "PROPN" and len(t) > 4 and t.lower_ not in source for t in sentence) >= 2
        ]
        if not sentences:
            continue
        clause = rng.choice(sentences)
        mine, theirs = proper_nouns(english.read(sample.text)), proper_nouns(english.read(clause))
        for at, name in enumerate(theirs):
            clause = _replaced(clause, name, mine[at % len(mine)] if mine else "the team")
        text = sample.text if sample.text.rstrip().endswith((".", "!", "?")) else sample.text + "."
        return f"{text} {clause}"
    return None


FAULTS: dict[str, Planter] = {
    planter.__name__: planter
    for planter in (
        name_from_elsewhere,
        number_changed,
        day_told,
        negation_inserted,
        clause_from_elsewhere,
        first_person,
        names_exchanged,
        person_replaced,
        negation_removed,
        number_from_payload,
    )
}


def _senders(sample: Summary) -> set[str]:
    return {part.sender for part in sample.payload.parts if part.sender and part.sender.isalpha()}


def _listed(token: Token) -> bool:
    """Whether it is one of several subjects: of "A and B" neither is the wrong one."""
    return bool(token.conjuncts)


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _other_number(old: str, rng: random.Random) -> str:
    for series in (DAYS, MONTHS):
        if old in series:
            return rng.choice([item for item in series if item != old])
    if old.lower() in WRITTEN:
        return rng.choice([item for item in WRITTEN if item != old.lower()])
    digits = list(old)
    at = rng.choice([i for i, c in enumerate(digits) if c.isdigit()])
    digits[at] = rng.choice([d for d in "123456789" if d != digits[at]])
    return "".join(digits)
