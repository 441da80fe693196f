"""Harmless text in other languages: spaCy's example sentences, and its stop words in random order (MIT)."""

import importlib
import importlib.util
import pkgutil
import random

import spacy.lang

WORDS, LINES = (4, 14), (1, 4)


def other_languages(count: int, seed: int) -> list[str]:
    """All examples, and so many texts of stop words; the same for a seed."""
    rng = random.Random(f"languages {seed}")
    names = [each.name for each in pkgutil.iter_modules(spacy.lang.__path__) if each.ispkg and each.name != "en"]
    examples = [text for name in names for text in _of(name, "examples", "sentences")]
    stop_words = [words for name in names if (words := sorted(_of(name, "stop_words", "STOP_WORDS")))]
    return [*examples, *(_text(rng.choice(stop_words), rng) for _ in range(count))]


def _text(words: list[str], rng: random.Random) -> str:
    lines = (
        " ".join(rng.choices(words, k=rng.randint(*WORDS))) + rng.choice("..?") for _ in range(rng.randint(*LINES))
    )
    return "\n".join(lines)


def _of(language: str, module: str, name: str) -> list[str]:
    """What a language has there; nothing, where it has no such module."""
    full = f"spacy.lang.{language}.{module}"
    if importlib.util.find_spec(full) is None:
        return []
    return list(getattr(importlib.import_module(full), name, ()))
