"""From the files of a request to the texts that are trained on and those that are held out."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from pipelines.read.raw.source import open_input
from pipelines.train.errors import TrainingError
from pipelines.train.read import Input, Unusable, read_examples
from pipelines.train.request import TrainingRequest
from pipelines.train.sample import Example, Sample, Sampled, balance
from pipelines.train.split import hold_out
from schemas.model_card import TrainingCounts, TrainingFile

MINIMUM_TRAINED = 20
"""Fewest training texts of a label."""
MINIMUM_HELD_OUT = 5
"""Fewest held-out texts of a label: metrics on fewer say nothing."""

CHUNK = 1000
"""Texts that are normalised at a time."""

Report = Callable[[str], None]
"""Takes in what is being done now."""


@dataclass(frozen=True)
class TrainingTexts:
    """The texts of a training, and what became of all others."""

    files: tuple[TrainingFile, ...]
    counts: TrainingCounts
    labels: tuple[str, ...]
    trained: Sequence[Sampled]
    held_out: Sequence[Sampled]


@dataclass(frozen=True)
class _Reading:
    """What was read besides the sample."""

    files: tuple[TrainingFile, ...]
    unusable: int
    reason: str | None
    """Why the first unusable record is that."""


def collect_texts(inputs: Sequence[Input], request: TrainingRequest, report: Report) -> TrainingTexts:
    """Read, sample, split and balance. Raises ``TrainingError`` where a label has too few texts."""
    sample = Sample(request.max_per_class, request.lowercase, request.seed)
    reading = _read(inputs, request, sample, report)
    texts, contradictory = sample.texts()
    available, held_out = hold_out(texts, request.held_out, request.seed)
    labels = sample.labels()
    _check_labels(labels, available, held_out, request, reading)
    trained = balance(available) if request.balance else available
    counts = TrainingCounts(
        read=sum(file.records for file in reading.files),
        unusable=reading.unusable,
        empty=sample.empty,
        duplicates=sample.duplicates,
        contradictory=contradictory,
        over_limit=sample.over_limit,
        unbalanced=len(available) - len(trained),
        trained=_by_label(trained),
        held_out=_by_label(held_out),
    )
    return TrainingTexts(reading.files, counts, tuple(labels), trained, held_out)


def _read(inputs: Sequence[Input], request: TrainingRequest, sample: Sample, report: Report) -> _Reading:
    """Fill the sample from every file."""
    files: list[TrainingFile] = []
    unusable = 0
    reason: str | None = None
    for number, found in enumerate(inputs, 1):
        records = 0
        with open_input(found.file) as source:
            items = read_examples(found, source, request)
            while chunk := list(islice(items, CHUNK)):
                examples = [item for item in chunk if isinstance(item, Example)]
                reasons = [item.reason for item in chunk if isinstance(item, Unusable)]
                sample.add(examples)
                records += len(chunk)
                unusable += len(reasons)
                reason = reason or next(iter(reasons), None)
                report(f"reading file {number} of {len(inputs)}: {records:,} records")
            digest = source.hexdigest()
        files.append(TrainingFile(path=found.file.uri, bytes=found.file.size, digest=digest, records=records))
    return _Reading(tuple(files), unusable, reason)


def _check_labels(
    labels: Sequence[str],
    trained: Sequence[Sampled],
    held_out: Sequence[Sampled],
    request: TrainingRequest,
    reading: _Reading,
) -> None:
    unusable = f"; {reading.unusable} records are unusable, such as: {reading.reason}" if reading.reason else ""
    if len(labels) < 2:
        raise TrainingError(f"a classifier needs texts of two labels; found: {', '.join(labels) or 'none'}{unusable}")
    for label in labels:
        training, testing = _by_label(trained).get(label, 0), _by_label(held_out).get(label, 0)
        if training < MINIMUM_TRAINED or testing < MINIMUM_HELD_OUT:
            raise TrainingError(
                f"too few texts of label {label!r}: {training} to train on (at least {MINIMUM_TRAINED}) and {testing} "
                f"held out (at least {MINIMUM_HELD_OUT}); add texts (of more sites), or change --held-out "
                f"({request.held_out:g}) or --seed ({request.seed}){unusable}"
            )


def _by_label(texts: Iterable[Sampled]) -> dict[str, int]:
    return dict(sorted(Counter(sampled.label for sampled in texts).items()))
