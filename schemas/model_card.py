"""The card of a trained classifier: what it was made from, how it reads a text and how well it does."""

from typing import Literal, Self

from pydantic import Field

from schemas.strict import StrictModel

CARD_NAME = "card.json"
"""The card's file name; it lies next to the model."""


class FastTextSettings(StrictModel):
    """Hyper-parameters of ``fasttext.train_supervised``; the defaults are DCLM's, but for ``bucket``.

    Source: DCLM ``baselines/train_fasttext_classifier.py`` and arXiv 2406.11794 (words and word pairs).
    """

    lr: float = Field(default=0.1, gt=0, le=10)
    """Learning rate."""
    dim: int = Field(default=100, ge=1, le=1000)
    """Size of a word's vector."""
    word_ngrams: int = Field(default=2, ge=1, le=5)
    """Longest word n-gram that is a feature."""
    epoch: int | None = Field(default=None, ge=1, le=1000)
    """Passes over the training texts; null: 5, as DCLM, or more where there are fewer than 20,000 texts."""
    min_count: int = Field(default=1, ge=1)
    """Words rarer than this are left out."""
    minn: int = Field(default=0, ge=0, le=10)
    """Shortest character n-gram that is a feature; 0: none."""
    maxn: int = Field(default=0, ge=0, le=10)
    """Longest character n-gram that is a feature; 0: none."""
    bucket: int = Field(default=2**18, ge=1, le=2**31 - 1)
    """Hash buckets for n-grams. Each costs 4 x ``dim`` bytes in the model's file and in the memory of every worker:
    105 MB here, 800 MB with fastText's own 2,000,000."""
    threads: Literal[12] = 12
    """Always 12: with one or two, fastText 0.9.3 often ends in NaN. For that, no two trainings give the same bytes."""

    def with_epochs(self, texts: int) -> Self:
        """These settings with the passes settled: five, or up to 100 so that 100,000 texts pass by.

        Five passes over 520 texts left every score at 0.5000 (ROC AUC 0.67 on held-out sites; 0.83 with 100).
        """
        return self.model_copy(update={"epoch": self.epoch or max(5, min(100, 100_000 // texts))})


class Operating(StrictModel):
    """What a threshold keeps of the held-out texts."""

    percentile: float | None
    """Percentile that the threshold was found by; null where it was given."""
    threshold: float
    kept: float
    """Share of the texts that are kept, 0 to 1."""
    precision: float | None
    """Share of positives among the kept; null where nothing is kept."""
    recall: float
    """Share of the positives that are kept."""


class LabelMetrics(StrictModel):
    """How well the probability of one label tells its held-out texts from the others."""

    label: str
    positives: int
    """Held-out texts with this label."""
    negatives: int
    """Held-out texts with another one."""
    roc_auc: float
    """Chance that a random positive scores above a random negative."""
    average_precision: float
    """Area under the precision-recall curve."""
    calibration_error: float
    """Mean distance between score and share of positives, over ten bins of score (0: scores are probabilities)."""
    by_threshold: tuple[Operating, ...]
    """Precision and recall when texts that score at least a threshold are kept."""
    by_percentile: tuple[Operating, ...]
    """The same where the threshold is a percentile of the held-out scores."""


class TrainingFile(StrictModel):
    """One input file of a training."""

    path: str
    bytes: int
    digest: str
    """Hex of xxh3-128 over the file."""
    records: int
    """Records that it holds."""


class TrainingCounts(StrictModel):
    """Where the texts went: ``read`` is the sum of the rest."""

    read: int
    """Records of all files."""
    unusable: int
    """Records that cannot be read, or have no text or no label."""
    empty: int
    """Texts with nothing but white space."""
    duplicates: int
    """Second and later copies of a text."""
    contradictory: int
    """Texts that came with more than one label: all copies but the counted duplicates are left out."""
    over_limit: int
    """Texts beyond the most that are held of a class."""
    unbalanced: int
    """Training texts left out so that every class has as many."""
    trained: dict[str, int]
    """Training texts by label."""
    held_out: dict[str, int]
    """Held-out texts by label."""


class ModelCard(StrictModel):
    """Everything that a user of a trained classifier has to know."""

    version: Literal[1] = 1
    model: str
    """File name of the model, next to the card."""
    model_bytes: int
    model_digest: str
    """Hex of xxh3-128 over the model's file."""
    labels: tuple[str, ...]
    """The model's labels, without fastText's prefix."""
    label: str | None
    """The label whose probability is the score; null where a recipe has to name one."""
    lowercase: bool
    """Whether texts are lower-cased before the model reads them."""
    settings: FastTextSettings
    quantized: bool
    seed: int
    """Seed of the sample and of the held-out split."""
    held_out_share: float
    """Share of the groups (sites, or texts without an address) that were held out."""
    files: tuple[TrainingFile, ...]
    counts: TrainingCounts
    metrics: tuple[LabelMetrics, ...]
    """On the held-out texts: the score's label, or every label where a recipe has to name one."""
    code_version: str
    """Release and digest of the program that trained it."""
    created: str
    """When it was trained (UTC, ISO 8601)."""
    notes: tuple[str, ...] = ()
    """What else matters, such as that training is not reproducible to the byte."""
