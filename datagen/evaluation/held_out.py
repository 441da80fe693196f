"""What an evaluation set and training must not share: a seed family, a near-duplicate, a long passage."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from datagen.evaluation.folder import read_sets
from datagen.evaluation.overlap import Overlap
from datagen.payloads.render import render
from schemas.payload import Payload

Shared = Literal["family", "near_duplicate", "passage"]
"""What is shared."""


class HeldOut:
    """Knows the payloads of evaluation sets, and says what others share with them."""

    def __init__(self, payloads: Sequence[Payload]) -> None:
        self._families = {payload.family for payload in payloads}
        self._overlap = Overlap([render(payload) for payload in payloads])

    def shared(self, family: str, text: str) -> Shared | None:
        """What a text of training shares with any of them; None: it may be trained on."""
        if family in self._families:
            return "family"
        seen = self._overlap.look([text])
        if not seen:
            return None
        return "near_duplicate" if any(each.reason == "near_duplicate" for each in seen) else "passage"


@cache
def held_out_of(folders: tuple[Path, ...]) -> HeldOut:
    """What the sets in these folders hold. Raises SettingError or Changed as `read_sets`."""
    return HeldOut([payload for folder in folders for _, payloads in read_sets(folder) for payload in payloads])
