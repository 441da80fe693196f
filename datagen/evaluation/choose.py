"""Chooses an evaluation set: exactly so many payloads a use case, spread over its strata."""

from collections.abc import Mapping, Sequence

import xxhash

from datagen.payloads.render import render
from pipelines.read.files import InputError
from schemas.payload import Payload, PayloadKind

SIZE = 750
"""Payloads a use case (AFM R35: 750 responses, carefully sampled)."""
LENGTHS = (50, 100, 200, 400, 800)
"""Words at which a stratum of length ends."""


class TooFew(InputError):
    """A use case without enough payloads; the message says how many there are."""


def stratum(payload: Payload) -> str:
    """What a payload is like: one part or several, how long, which language."""
    words = len(render(payload).split())
    length = next((f"<={limit}" for limit in LENGTHS if words <= limit), f">{LENGTHS[-1]}")
    return f"{'stacked' if payload.stacked else 'single'} {length} {payload.language or 'unknown'}"


def choose(payloads: Sequence[Payload], kind: PayloadKind, seed: int, size: int = SIZE) -> list[Payload]:
    """Exactly ``size`` payloads of a kind, in the order of their ids.

    Strata get as many as their share of all, rounded so that the sum is right and each that exists has one; within
    a stratum a seeded hash of the id chooses, so that the order of the input does not matter. Equal payloads count
    once. Raises TooFew.
    """
    groups: dict[str, dict[str, Payload]] = {}
    for payload in payloads:
        if payload.kind == kind:
            groups.setdefault(stratum(payload), {})[payload.payload_id] = payload
    check_enough(payloads, [kind], size)
    places = _places({name: len(members) for name, members in groups.items()}, size)
    chosen = [
        payload
        for name, members in groups.items()
        for payload in sorted(members.values(), key=lambda p: _rank(p, seed))[: places[name]]
    ]
    return sorted(chosen, key=lambda payload: payload.payload_id)


def check_enough(payloads: Sequence[Payload], kinds: Sequence[PayloadKind], size: int) -> None:
    """Raises TooFew where a kind has fewer than ``size`` different payloads; the message counts all kinds."""
    different: dict[PayloadKind, set[str]] = {kind: set() for kind in kinds}
    for payload in payloads:
        different.setdefault(payload.kind, set()).add(payload.payload_id)
    counts = {kind: len(ids) for kind, ids in different.items()}
    if not kinds or any(counts[kind] < size for kind in kinds):
        there = ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items())) or "none"
        raise TooFew(
            f"{size:,} different payloads of each use case are needed, and there are: {there}. Give more input, or "
            "choose fewer with --size, or only some use cases with --kind"
        )


def _rank(payload: Payload, seed: int) -> tuple[int, str]:
    return xxhash.xxh3_64_intdigest(payload.payload_id.encode(), seed=seed), payload.payload_id


def _places(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """Places by largest remainder, at least one a stratum where there is room; none gets more than it has."""
    total = sum(counts.values())
    exact = {name: size * count / total for name, count in counts.items()}
    floor = 1 if len(counts) <= size else 0
    places = {name: min(counts[name], max(floor, int(share))) for name, share in exact.items()}
    by_remainder = sorted(counts, key=lambda name: (int(exact[name]) - exact[name], name))
    while sum(places.values()) < size:
        for name in by_remainder:
            if sum(places.values()) < size and places[name] < counts[name]:
                places[name] += 1
    for name in sorted(counts, key=lambda name: (-places[name], name)):
        while sum(places.values()) > size and places[name] > floor:
            places[name] -= 1
    return places
