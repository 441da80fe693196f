"""Scores by a fastText classifier: of whole documents, and of sentences that are removed."""

from pathlib import Path
from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

AFM = "AFM R7, R9 [P]: heuristics and model classifiers; the threshold is a percentile (DCLM, arXiv 2406.11794)"
DOLMA = "Dolma v1.5, configs/dolma-v1_5/mixing/cc-head.yaml (Jigsaw sentence spans)"


class FastTextClassifier(Step):
    """A document's probability of one label, by a fastText model (AFM R9 quality, R7 safety).

    The text is read as the model was trained on it, which its ``card.json`` says: newlines become spaces, perhaps
    lower case. ``orchard train classifier`` makes the model and the card. fastText cannot map a model into memory:
    every worker process holds one copy, of about the file's size.
    """

    namespace: ClassVar[str] = "classifier"
    is_model: ClassVar[bool] = True
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("score", pa.float32(), "probability", "how surely the text has the label; null for a blank text", AFM),
    )

    type: Literal["fasttext"] = "fasttext"
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")  # pyright: ignore[reportIncompatibleVariableOverride]
    """What the score means, and so where it goes: ``quality``, ``toxicity``."""
    model: Path
    """A supervised fastText model, ``.bin`` or ``.ftz``."""
    label: str | None = None
    """The label whose probability is the score, with or without ``__label__``; null: the one that the card names."""
    score: Bound | None = None
    """Which scores stay: ``min_percentile: 90`` keeps the best tenth of the corpus (DCLM), ``75`` the best quarter
    (Kong et al., arXiv 2406.04638); ``below: 0.4`` with a toxicity model is Dolma's line. No default: it is the
    model's."""


class FastTextSentences(Step):
    """Removes the sentences that a fastText model gives the label (Dolma's toxic and obscene spans; AFM R7).

    A sentence ends at a full stop or the like before white space, or at the end of its line. The rest of the text
    stays as it was, without the white space around what went.
    """

    namespace: ClassVar[str] = "classifier_sentences"
    is_model: ClassVar[bool] = True
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("sentences", pa.int32(), "sentences", "sentences that were scored", DOLMA),
        Signal("removed_share", pa.float32(), "share", "share of the characters of sentences that were removed", DOLMA),
        Signal("max_score", pa.float32(), "probability", "score of the worst sentence; null for a blank text", DOLMA),
    )

    type: Literal["fasttext_sentences"] = "fasttext_sentences"
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")  # pyright: ignore[reportIncompatibleVariableOverride]
    """What is removed, and so where the signals go: ``toxic_sentences``."""
    model: Path
    """A supervised fastText model, ``.bin`` or ``.ftz``, trained on texts of about a sentence."""
    label: str | None = None
    """The label that is removed, with or without ``__label__``; null: the one that the card names."""
    remove_at_least: float = Field(default=0.4, gt=0, le=1)
    """Sentences that score at least this are removed (Dolma: 0.4)."""
    sentences: Bound | None = None
    """How many sentences a document needs before removal."""
    removed_share: Bound | None = None
    """How much may go before the whole document does."""
    max_score: Bound | None = None
    """What the worst sentence may score."""
