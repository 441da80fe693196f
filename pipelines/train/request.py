"""What to train: which texts, which split, which hyper-parameters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from pydantic import Field, ValidationError, model_validator

from pipelines.train.errors import TrainingError
from schemas.model_card import FastTextSettings
from schemas.strict import StrictModel

POSITIVE: Final = "positive"
NEGATIVE: Final = "negative"
"""The two labels where a request makes them; the score is the probability of the first."""


class TrainingRequest(StrictModel):
    """A training of a classifier: texts of two kinds, or texts with labels."""

    positive: tuple[str, ...] = ()
    """Paths or globs of texts that have the quality (WET, Parquet, JSONL; local or remote)."""
    negative: tuple[str, ...] = ()
    """Paths or globs of texts that do not have it."""
    labelled: tuple[str, ...] = ()
    """Paths or globs of texts with a label each, such as an LLM gave them (AFM R9, Kong et al.)."""
    text_column: str | None = None
    """The field that holds the text; null: the first of those that readers know, such as ``text`` and ``content``."""
    uri_column: str | None = None
    """The field that holds the address; null: the first of those that readers know, such as ``uri`` and ``url``."""
    label_column: str = "label"
    """The field that holds the label, in labelled files."""
    positive_labels: tuple[str, ...] = ()
    """Labels that count as positive, all others as negative; empty: labels are classes as they are."""
    threshold: float | None = None
    """Numeric labels of at least this count as positive, all others as negative."""
    out: Path
    """The folder that the model and its card are written to."""
    overwrite: bool = False
    """Replace a model that is there."""
    held_out: float = Field(default=0.2, gt=0, lt=1)
    """Share of the sites (texts without an address: of the texts) that the metrics are measured on."""
    seed: int = Field(default=0, ge=0)
    """Chooses sample and split."""
    max_per_class: int = Field(default=200_000, ge=1)
    """Most texts that are held of a label (DCLM: 200,000); they are in memory."""
    balance: bool = True
    """Train on as many texts of every label as the rarest has; the held-out texts stay as they come."""
    lowercase: bool = False
    """Lower-case texts in training, and by the card in prediction."""
    quantize: bool = False
    """Write a small ``model.ftz`` in place of ``model.bin``."""
    settings: FastTextSettings = FastTextSettings()
    """Hyper-parameters."""

    @model_validator(mode="after")
    def _has_one_kind_of_input(self) -> Self:
        if self.labelled and (self.positive or self.negative):
            raise ValueError("give either labelled files or positive and negative ones")
        if not self.labelled and not (self.positive and self.negative):
            raise ValueError("give positive and negative files, or labelled ones")
        if (self.positive_labels or self.threshold is not None) and not self.labelled:
            raise ValueError("positive labels and a threshold go with labelled files")
        if self.positive_labels and self.threshold is not None:
            raise ValueError("give either positive labels or a threshold")
        return self


def training_request(values: Mapping[str, object]) -> TrainingRequest:
    """A request from its fields. Raises ``TrainingError`` that names every field that is wrong."""
    try:
        return TrainingRequest.model_validate(values)
    except ValidationError as error:
        problems = [
            ": ".join([*(f"{problem['loc'][-1]} {problem['input']}" for _ in problem["loc"][:1]), problem["msg"]])
            for problem in error.errors()
        ]
        raise TrainingError("; ".join(problem.replace("Value error, ", "") for problem in problems)) from error
