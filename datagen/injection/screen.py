"""Screens payloads for instructions to the model before anything is asked about them, and counts as a gate does."""

from datagen.injection.detect import THRESHOLD, suspicion
from datagen.payloads.render import render
from schemas.payload import Payload
from schemas.summaries.recipe import Instructions
from schemas.waterfall import EXAMPLE_CHARACTERS, EXAMPLES, Example, GateCount

REASON = "speaks_to_the_model"


class Screen:
    """Looks at the payloads of one file."""

    def __init__(self, mode: Instructions) -> None:
        self._mode: Instructions = mode
        self._looked_at = 0
        self._examples: list[Example] = []
        self._found = 0

    def admits(self, payload: Payload) -> bool:
        """Whether something may be asked about a payload. A twin always: what it carries was planted, and is known."""
        if self._mode == "off" or payload.attack is not None:
            return True
        self._looked_at += 1
        seen = suspicion(payload)
        if not seen.is_injection:
            return True
        self._found += 1
        if len(self._examples) < EXAMPLES:
            text, bound = render(payload)[:EXAMPLE_CHARACTERS], f"< {THRESHOLD:g}"
            self._examples.append(
                Example(reason=REASON, detail=seen.sentence, score=seen.score, bound=bound, text=text)
            )
        return self._mode == "mark"

    def count(self) -> GateCount | None:
        """What was found so far; None: nothing is looked for."""
        if self._mode == "off":
            return None
        return GateCount(
            gate="instructions",
            mode="on" if self._mode == "drop" else "mark",
            judged=self._looked_at,
            failed=self._found,
            reasons={REASON: self._found} if self._found else {},
            examples=tuple(self._examples),
        )
