"""What a detector of instructions looks at: the words of one sentence, hashed."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import xxhash

from datagen.gates.text import sentences, word_set

BITS = 15
"""Weights are 2^BITS."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[?!:{}<>\[\]#]")
LONGEST_SENTENCE = 60
"""Words of a sentence that are looked at."""
ENCODED = re.compile(r"\b(?:[A-Za-z0-9+/]{40,}={0,2}|(?:[0-9a-fA-F]{2}){20,})(?!\w)")
SPACED = re.compile(r"(?:\b\w\b[ ]{1,3}){8,}\w\b")
WIDE = re.compile(r" {2,3}")

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
}
"""Words by what they do in such a sentence: an attack in other words has the same kinds of them."""
MARKS = (
    "<!--", "[//]", "display:none", "hidden>", "color=", "color:", "font-size", "/*", "###", "[system]", "user:",
    "human:", "assistant:", "</", "<|", "{{", "```",
)  # fmt: skip
"""What hides an instruction from people, or makes it look like a part of the prompt."""


def units(text: str) -> list[str]:
    """The sentences of a payload's text, each of which may be an instruction; letters set apart are put together."""
    joined = SPACED.sub(lambda found: " ".join(part.replace(" ", "") for part in WIDE.split(found[0])), text)
    return sentences(ENCODED.sub(" encoded_text ", joined))


def features(sentence: str) -> np.ndarray:
    """int64: the places of a sentence's words, pairs and beginnings among the weights, each once."""
    words = [word.lower() for word in WORD.findall(sentence)][:LONGEST_SENTENCE]
    marks = [mark for mark in MARKS if mark in sentence.lower()]
    named = [*_names(words), *_kinds(words), *(f"mark {mark}" for mark in marks), *(["marked"] if marks else [])]
    return np.unique([xxhash.xxh3_64_intdigest(name.encode()) & ((1 << BITS) - 1) for name in named]).astype(np.int64)


def _names(words: list[str]) -> Iterator[str]:
    yield "bias"
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    yield from (f"{first} _ {third}" for first, third in zip(words, words[2:], strict=False))
    yield f"^{' '.join(words[:1])}"
    yield f"^{' '.join(words[:2])}"
    yield f"length {min(len(words) // 4, 6)}"
    if words and words[-1] == "?":
        yield "asks"


def _kinds(words: list[str]) -> Iterator[str]:
    """Which kinds of words it has, two and three of them together, and the kind of its first word."""
    there = [concept for concept, known in CONCEPTS.items() if not known.isdisjoint(words)]
    for size in (1, 2, 3):
        yield from (f"kinds {' '.join(group)}" for group in combinations(there, size))
    first = next((concept for concept, known in CONCEPTS.items() if words and words[0] in known), None)
    if first:
        yield f"first {first}"
        yield from (f"first {first} with {concept}" for concept in there)
