"""A cheap look at a page's language before it is extracted."""

from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "fastText lid.176 on a sample of the page, see filters/language/precheck.py"


class LanguagePrecheck(Step):
    """Finds pages that are surely not in a wanted language, so that they need not be extracted.

    A page step: what it measures is the page's HTML. It looks at some 900 characters of visible text. A page with
    less than 100 has no evidence either way and is kept, as is whatever may be in a wanted language: the step
    ``language`` decides on the whole text later.
    """

    namespace: ClassVar[str] = "precheck"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("wanted_evidence", pa.float32(), "probability", "best score of a wanted language in a sample", SOURCE),
        Signal("top1", pa.string(), "code", "the likeliest language of the longest runs of text", SOURCE),
        Signal("top1_score", pa.float32(), "probability", "its score", SOURCE),
    )

    type: Literal["language_precheck"] = "language_precheck"
    keep: tuple[str, ...] = Field(default=("en",), min_length=1)
    """Wanted languages, as ISO 639-1 codes (639-3 where there is none)."""
    wanted_evidence: Bound | None = Bound(min=0.02)
    """A wanted language must be at least this likely.

    On 3,266 real pages the default skips none of those that the step ``language`` keeps, for each of seven languages,
    and 88 to 97 % of the others (``benchmarks/language_precheck.py``).
    """
