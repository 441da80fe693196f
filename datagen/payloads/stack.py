"""Stacks: several short payloads as a device shows them together (AFM R32)."""

from collections.abc import Iterable, Iterator

import xxhash

from schemas.payload import Payload, PayloadKind

FEWEST, MOST = 2, 6
"""Parts of a stack."""


def stack(payloads: Iterable[Payload], kind: PayloadKind, seed: int) -> Iterator[Payload]:
    """Payloads of one part put together in their order, 2 to 6 at a time by a seeded hash; a last single one is left.

    The family of a stack is that of its first part, so inputs should come family by family.
    """
    waiting: list[Payload] = []
    size = FEWEST
    for payload in payloads:
        if not waiting:
            size = FEWEST + xxhash.xxh3_64_intdigest(payload.payload_id.encode(), seed=seed) % (MOST - FEWEST + 1)
        waiting.append(payload)
        if len(waiting) == size:
            yield _stacked(waiting, kind)
            waiting = []
    if len(waiting) >= FEWEST:
        yield _stacked(waiting, kind)


def _stacked(payloads: list[Payload], kind: PayloadKind) -> Payload:
    languages = {payload.language for payload in payloads}
    return payloads[0].model_copy(
        update={
            "kind": kind,
            "parts": tuple(part for payload in payloads for part in payload.parts),
            "language": languages.pop() if len(languages) == 1 else None,
            "anonymised": all(payload.anonymised for payload in payloads),
        }
    )
