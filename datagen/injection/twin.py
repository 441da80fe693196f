"""Attacked twins: a clean payload with an attack planted in it."""

import xxhash

from datagen.injection.families import HELD_OUT, TRAINING, attack_text, canary
from schemas.payload import Attack, Payload
from schemas.summaries.row import Split


def attacked(payload: Payload, split: Split, seed: int) -> Payload:
    """The twin of a clean payload: the same but for an attack in one of its parts.

    It keeps the family, so that both come to the same split. Payloads of the split ``test`` get held-out families of
    attacks in turn with the others; those that are trained on never do. Deterministic by payload and seed.
    Raises ValueError: the payload has an attack already.
    """
    if payload.attack is not None:
        raise ValueError(f"payload {payload.payload_id} is a twin already")
    key = f"{seed}/{payload.payload_id}"
    number = xxhash.xxh3_64_intdigest(key.encode())
    families = HELD_OUT if split == "test" and number % 2 else TRAINING
    family = families[number // 2 % len(families)]
    word = canary(key)
    text = attack_text(family, key, word)
    at = number // 64 % len(payload.parts)
    part = payload.parts[at]
    parts = list(payload.parts)
    parts[at] = part.model_copy(update={"text": _planted(part.text, text, family, number // 4096)})
    attack = Attack(family=family, text=text, canary=word, twin_of=payload.payload_id)
    return payload.model_copy(update={"parts": tuple(parts), "attack": attack})


def _planted(text: str, attack: str, family: str, number: int) -> str:
    """The attack behind the text, before it, or between two of its lines; a signature always stands at the end."""
    lines = text.split("\n")
    at = len(lines) if family == "signature" else (len(lines), 0, number // 3 % (len(lines) + 1))[number % 3]
    return "\n".join([*lines[:at], attack, *lines[at:]])
