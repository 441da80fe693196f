"""A bound on a signal: the only form that a threshold takes."""

from typing import Self

from pydantic import Field, model_validator

from schemas.strict import StrictModel


class Bound(StrictModel):
    """Which values of a signal are kept; every limit that is given must hold.

    A null signal (not measured) is always kept. The inclusive and the exclusive forms are kept apart because
    published rules differ in them, and conformance depends on it.
    """

    min: float | None = None
    """Keep values of at least this."""
    max: float | None = None
    """Keep values of at most this."""
    above: float | None = None
    """Keep values strictly above this."""
    below: float | None = None
    """Keep values strictly below this."""
    min_percentile: float | None = Field(default=None, ge=0, le=100)
    """Keep values at or above this percentile of the corpus (two passes; AFM R9, DCLM)."""

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if not self.model_fields_set or all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("a bound needs a limit: min, max, above, below or min_percentile; null: no rule")
        return self

    def describe(self) -> str:
        """The bound as text, e.g. ``>= 50 and <= 100000``."""
        words = {"min": ">= {:g}", "max": "<= {:g}", "above": "> {:g}", "below": "< {:g}", "min_percentile": ">= p{:g}"}
        return " and ".join(
            form.format(getattr(self, name)) for name, form in words.items() if getattr(self, name) is not None
        )
