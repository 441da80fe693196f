"""Holds families out: an evaluation set takes whole seed families, and leaves the others to training."""

from collections.abc import Sequence

import xxhash

from schemas.payload import Payload


def hold_out(payloads: Sequence[Payload], least: int, seed: int) -> list[Payload]:
    """The payloads of as many families as give at least ``least`` different ones; all, where there are fewer.

    Families come in the order of a seeded hash of their names, so the order of the input does not matter.
    """
    families: dict[str, dict[str, Payload]] = {}
    for payload in payloads:
        families.setdefault(payload.family, {})[payload.payload_id] = payload
    held: dict[str, Payload] = {}
    for family in sorted(families, key=lambda name: (xxhash.xxh3_64_intdigest(name.encode(), seed=seed), name)):
        if len(held) >= least:
            break
        held |= families[family]
    return list(held.values())
