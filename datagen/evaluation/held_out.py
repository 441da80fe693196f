"""What an evaluation set and training must not share: a seed family, a near-duplicate, a long passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from datagen.evaluation.folder import read_sets
from datagen.evaluation.overlap import Overlap
from datagen.payloads.render import render
from schemas.payload import Payload


@dataclass(frozen=True)
class Shared:
    """What a text of training has of a set."""

    what: Literal["family", "near_duplicate", "passage"]
    detail: str
    """Which family, or how much of which payload."""


class HeldOut:
    """Knows the payloads of evaluation sets, and says what others share with them."""

    def __init__(self, payloads: Sequence[Payload]) -> None:
        self._ids = [payload.payload_id for payload in payloads]
        self._families = {payload.family for payload in payloads}
        self._overlap = Overlap([render(payload) for payload in payloads])

    def shared(self, family: str, text: str) -> Shared | None:
        """What a text of training shares with any of them; None: it may be trained on."""
        if family in self._families:
            return Shared("family", family)
        seen = self._overlap.look([text])
        if not seen:
            return None
        most = min(seen, key=lambda each: (each.reason, -each.value))  # a near-duplicate rather than a passage
        payload = f"payload {self._ids[most.candidate]}"
        if most.reason == "near_duplicate":
            return Shared("near_duplicate", f"similarity {most.value:.2f} to {payload}")
        return Shared("passage", f"{most.value:.0f} words of {payload}")


@cache
def held_out_of(folders: tuple[Path, ...]) -> HeldOut:
    """What the sets in these folders hold. Raises SettingError or Changed as `read_sets`."""
    return HeldOut([payload for folder in folders for _, payloads in read_sets(folder) for payload in payloads])
