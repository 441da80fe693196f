"""A frozen evaluation set: its digest says whether it is still the one that was reported on."""

from collections.abc import Sequence

from pydantic import Field

from datagen.evaluation.choose import stratum
from pipelines.read.files import InputError
from schemas.document import DIGEST_PATTERN
from schemas.fingerprint import fingerprint
from schemas.payload import Payload
from schemas.strict import StrictModel


class Frozen(StrictModel):
    """What is written beside an evaluation set."""

    use_case: str
    """The kind of its payloads."""
    size: int = Field(ge=1)
    """How many there are."""
    seed: int
    """The seed that chose them."""
    strata: dict[str, int]
    """How many of each stratum."""
    digest: str = Field(pattern=DIGEST_PATTERN)
    """Hex of xxh3-128 over all payloads in the order of their ids."""


class Changed(InputError):
    """An evaluation set that is not the frozen one."""


def freeze(use_case: str, payloads: Sequence[Payload], seed: int) -> Frozen:
    """The record of a set, whatever the order of its payloads."""
    strata: dict[str, int] = {}
    for payload in payloads:
        strata[stratum(payload)] = strata.get(stratum(payload), 0) + 1
    return Frozen(
        use_case=use_case, size=len(payloads), seed=seed, strata=dict(sorted(strata.items())), digest=_digest(payloads)
    )


def check(frozen: Frozen, payloads: Sequence[Payload]) -> None:
    """Raises Changed where payloads were added, lost or edited."""
    found = _digest(payloads)
    if found != frozen.digest:
        raise Changed(
            f"holds {len(payloads)} payloads with digest {found}, frozen were {frozen.size} with {frozen.digest}: "
            "results are not comparable; go back to the frozen file, or freeze a new set elsewhere"
        )


def _digest(payloads: Sequence[Payload]) -> str:
    return fingerprint([payload.model_dump(mode="json") for payload in sorted(payloads, key=lambda p: p.payload_id)])
