"""A kept summary as a row, and the split that its seed family belongs to."""

from collections.abc import Mapping

import xxhash

from datagen.gates.run import Judgement
from datagen.products.summary import Summary
from datagen.products.wording import training_messages
from schemas.fingerprint import fingerprint
from schemas.summaries.row import GateScore, Split, SummaryRow

SHARES: Mapping[Split, float] = {"train": 0.9, "validation": 0.05, "test": 0.05}


def split_of(family: str, seed: int, shares: Mapping[Split, float] = SHARES) -> Split:
    """The split of a seed family: by a seeded hash of its name, so that more data moves none."""
    position = xxhash.xxh3_64_intdigest(family.encode(), seed=seed) / 2**64
    reached = 0.0
    for split, share in shares.items():
        reached += share
        if position < reached:
            return split
    return "train"


def to_row(
    judgement: Judgement[Summary], payload_id: str, teacher: str, seed: int, suspicion: float | None
) -> SummaryRow:
    """The row of a kept sample.

    ``payload_id`` is of the whole payload, of which the sample may show less; ``suspicion`` is that of the payload,
    null where it was not looked for.

    Raises ValueError: a gate rejected it.
    """
    if judgement.rejected_by is not None:
        raise ValueError(f"a sample that gate {judgement.rejected_by.gate} rejected is no row")
    sample, payload, product = judgement.sample, judgement.sample.payload, judgement.sample.product
    messages = training_messages(payload, product, str(sample))
    return SummaryRow(
        messages=messages,
        sample_id=fingerprint([message.model_dump() for message in messages]),
        payload_id=payload_id,
        kind=payload.kind,
        parts=len(payload.parts),
        family=payload.family,
        split=split_of(payload.family, seed),
        source=payload.source,
        language=payload.language,
        license=payload.license,
        product=product.name,
        product_version=product.version,
        teacher=teacher,
        attack=payload.attack.family if payload.attack else None,
        twin_of=payload.attack.twin_of if payload.attack else None,
        suspicion=suspicion,
        gates=tuple(GateScore(gate=v.gate, score=v.score, passed=v.passed) for v in judgement.verdicts),
    )
