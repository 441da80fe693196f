"""Texts made up by grammars: orders to a model, and what people write to people, which a detector must leave alone.

Mail that one may train on is rare; these have its imperatives and questions, and the words of orders to a model.
"""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

Grammar = Mapping[str, Sequence[str]]
"""A name to what may stand for it; ``text`` is the whole."""
SHOUTED, SMALL, FIRST_SMALL = 0.04, 0.02, 0.3
"""Shares of orders all in capitals, all in small letters, and with a small first letter."""
ENDS = (".", ".", ".", "!", "")
MOST_SENTENCES = 7
HEADS = ("", "", "{n},\n\n", "Hi {n},\n", "{n}: ")
FOOTS = ("", "", "\n\nThanks,\n{n}", "\n{n}")
BETWEEN = (" ", " ", " ", "\n", "\n\n")


@cache
def grammar(name: str) -> Grammar:
    """``orders`` or ``notes``."""
    return yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8"))


def expand(text: str, rules: Grammar, rng: random.Random) -> str:
    """The text with every ``{name}`` replaced. Raises KeyError: the grammar has no such name."""
    while "{" in text:
        before, _, rest = text.partition("{")
        name, _, after = rest.partition("}")
        text = before + rng.choice(rules[name]) + after
    return text


def orders(count: int, seed: int) -> list[str]:
    """Orders and questions to a model, the same for a seed."""
    rng = random.Random(f"orders {seed}")
    return [_order(rng) for _ in range(count)]


def _order(rng: random.Random) -> str:
    text = expand("{text}", grammar("orders"), rng)
    text += "" if text[-1] in "?!.'\"" else rng.choice(ENDS)
    if rng.random() >= FIRST_SMALL:
        text = text[0].upper() + text[1:]
    chance = rng.random()
    return text.upper() if chance < SHOUTED else text.lower() if chance < SHOUTED + SMALL else text


def note(rng: random.Random) -> str:
    """A sentence that somebody writes to somebody."""
    text = expand("{text}", grammar("notes"), rng)
    return text[0].upper() + text[1:]


def mails(count: int, seed: int) -> list[str]:
    """Mails of such sentences, the same for a seed."""
    rng = random.Random(f"mails {seed}")
    return [_mail(rng) for _ in range(count)]


def _mail(rng: random.Random) -> str:
    text = expand(rng.choice(HEADS), grammar("notes"), rng) + note(rng)
    for _ in range(rng.randrange(MOST_SENTENCES)):
        text += rng.choice(BETWEEN) + note(rng)
    return text + expand(rng.choice(FOOTS), grammar("notes"), rng)


def chats(count: int, messages: Sequence[str], seed: int) -> list[str]:
    """Conversations, a turn a line, of such sentences and of real messages; some say who speaks."""
    rng = random.Random(f"chats {seed}")
    return [_chat(messages, rng) for _ in range(count)]


def _chat(messages: Sequence[str], rng: random.Random) -> str:
    turns = [rng.choice(messages) if rng.random() < 0.5 else note(rng) for _ in range(rng.randint(2, 12))]
    if rng.random() < 0.6:
        return "\n".join(turns)
    return "\n".join(f"{('Ann', 'Bo')[at % 2]}: {turn}" for at, turn in enumerate(turns))
