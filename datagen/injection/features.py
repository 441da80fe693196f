"""What a detector of instructions looks at: the words of one sentence, hashed."""

import re
from collections.abc import Iterator

import numpy as np
import xxhash

from datagen.gates.text import sentences

BITS = 15
"""Weights are 2^BITS."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[?!:{}<>\[\]#]")
LONGEST_SENTENCE = 60
"""Words of a sentence that are looked at."""
ENCODED = re.compile(r"\b(?:[A-Za-z0-9+/]{40,}={0,2}|(?:[0-9a-fA-F]{2}){20,})(?!\w)")
SPACED = re.compile(r"(?:\b\w ){6,}\w\b")


def units(text: str) -> list[str]:
    """The sentences of a payload's text, each of which may be an instruction; letters set apart are put together."""
    joined = SPACED.sub(lambda found: f"spelled_out {found[0].replace(' ', '')}", text)
    return sentences(ENCODED.sub(" encoded_text ", joined))


def features(sentence: str) -> np.ndarray:
    """int64: the places of a sentence's words, pairs and beginnings among the weights, each once."""
    words = [word.lower() for word in WORD.findall(sentence)][:LONGEST_SENTENCE]
    return np.unique([xxhash.xxh3_64_intdigest(name.encode()) & ((1 << BITS) - 1) for name in _names(words)]).astype(
        np.int64
    )


def _names(words: list[str]) -> Iterator[str]:
    yield "bias"
    yield from words
    yield from (f"{first} {second}" for first, second in zip(words, words[1:], strict=False))
    yield from (f"{first} _ {third}" for first, third in zip(words, words[2:], strict=False))
    yield f"^{' '.join(words[:1])}"
    yield f"^{' '.join(words[:2])}"
    yield f"length {min(len(words) // 4, 6)}"
    if words and words[-1] == "?":
        yield "asks"
