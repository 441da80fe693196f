"""What a detector of instructions looks at in a sentence: its words, what kinds of words they are, where it stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
import xxhash

from datagen.gates.text import word_set
from datagen.injection.units import STEM, Unit

BITS = 15
"""There are 2^BITS places for words, and as many behind them for kinds."""
PLACES = 1 << BITS
NO_SPACES = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
"""Scripts in which a character counts as a word."""
WORD = re.compile(rf"[{NO_SPACES}]|[^\W_{NO_SPACES}]+(?:['’][^\W_]+)*|[?!:{{}}<>\[\]#]")
CHARACTER = re.compile(f"[{NO_SPACES}]")
LONGEST_SENTENCE = 60
"""Words of a sentence that are looked at."""
WORDS_COUNT, FEWEST_WORDS = 4.0, 20
"""The norm of the values of all words together, where a kind's is 1; of fewer than these it is less."""

CONCEPTS = {
    "control": word_set(
        "reply respond answer output print say write begin start end finish close open append include add "
        "insert mention repeat put place state give return produce generate use speak tell show reveal list "
        "translate rewrite pretend act roleplay"
    ),
    "product": word_set(
        "summary summaries answer answers response responses output text reply digest overview version "
        "abstract recap tldr result word words token tokens sentence sentences line lines phrase code tag "
        "term string point points bullet bullets title letter letters message prompt"
    ),
    "override": word_set(
        "ignore disregard forget instead stop override bypass skip abandon cancel replace rather previous "
        "above prior earlier following new only nothing else exactly must always never every each"
    ),
    "machine": word_set(
        "assistant ai model models bot chatbot system developer administrator admin user human gpt llm "
        "machine automated instruction instructions rule rules policy task summarizer summarise summarize "
        "content document"
    ),
    "people": word_set(
        "i i'm i'll i've i'd me my mine we we're we'll we've us our ours he she his her him they their them"
    ),
    "you": word_set("you your yours yourself"),
}
"""Words by what they do in such a sentence: an attack in other words has the same kinds of them."""
MARKS = (
    "<!--", "[//]", "display:none", "hidden>", "color=", "color:", "font-size", "/*", "###", "[system]", "user:",
    "human:", "assistant:", "</", "<|", "{{", "```",
)  # fmt: skip
"""What hides an instruction from people, or makes it look like a part of the prompt."""


def features(unit: Unit) -> np.ndarray:
    """int64: the places of a sentence's features among the weights, each once, in order; words before kinds."""
    lower = unit.sentence.lower()
    words = [word.lower() for word in WORD.findall(unit.sentence)][:LONGEST_SENTENCE]
    marks = [mark for mark in MARKS if mark in lower]
    named = {_place(name) for name in _words(words)} | {PLACES + _place(name) for name in _kinds(words, unit, marks)}
    return np.array(sorted(named), np.int64)


def values(places: np.ndarray) -> np.ndarray:
    """float64: what each of a sentence's features counts: a kind 1, words less the more there are, since a long
    sentence is not suspicious for its length."""
    is_word = places < PLACES
    return np.where(is_word, WORDS_COUNT / np.sqrt(max(FEWEST_WORDS, int(is_word.sum()))), 1.0)


def bias_place() -> int:
    """The place of what every sentence has: its weight shifts all scores."""
    return PLACES + _place("bias")


def _place(name: str) -> int:
    return xxhash.xxh3_64_intdigest(name.encode()) & (PLACES - 1)


def _words(words: Sequence[str]) -> Iterator[str]:
    """Words, their beginnings, pairs, and how the sentence begins."""
    yield from (word for word in words if not CHARACTER.match(word))
    yield from (f"~{word[:STEM]}" for word in words if len(word) > STEM)
    yield from (f"{first} {second}" for first, second in pairwise(words))
    yield from (f"{first} _ {third}" for first, third in zip(words, words[2:], strict=False))
    yield f"^{' '.join(words[:1])}"
    yield f"^{' '.join(words[:2])}"


def _kinds(words: Sequence[str], unit: Unit, marks: Iterable[str]) -> Iterator[str]:
    """Kinds of words, up to three of them together, with the kind of the first word, and with where it stands."""
    there = [concept for concept, known in CONCEPTS.items() if not known.isdisjoint(words)]
    if any(first == "your" and second in CONCEPTS["product"] for first, second in pairwise(words)):
        there.append("your product")
    for size in (1, 2, 3):
        yield from (f"kinds {' '.join(group)}" for group in combinations(there, size))
    first = [f"first {concept}" for concept, known in CONCEPTS.items() if words and words[0] in known][:1]
    yield from first
    yield from (f"{each} with {concept}" for each in first for concept in there)
    if words and words[-1] == "?":
        yield f"asks {'people' in there}"
        there.append("asks")
    where = [*unit.places, *(["alone off"] if {"alone", "topic off"} <= {*unit.places} else [])]
    for place in where:
        yield f"@{place}"
        yield from (f"@{place} {each}" for each in (*there, *first))
    for mark in marks:
        yield from (f"mark {mark}", "marked", *(f"marked {each}" for each in there))
    yield "bias"
    yield f"length {min(len(words) // 4, 6)}"
