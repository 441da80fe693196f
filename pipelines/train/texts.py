"""From the files of a request to the texts that are trained on and those that are held out."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import fsspec
import xxhash

from pipelines.train.errors import TrainingError
from pipelines.train.read import Input, read_examples
from pipelines.train.request import TrainingRequest
from pipelines.train.sample import Sample, Sampled, balance
from pipelines.train.split import hold_out
from schemas.model_card import TrainingCounts, TrainingFile

MINIMUM_TRAINED = 20
"""Fewest training texts of a label."""
MINIMUM_HELD_OUT = 5
"""Fewest held-out texts of a label: metrics on fewer say nothing."""

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


def collect_texts(inputs: Sequence[Input], request: TrainingRequest, report: Report) -> TrainingTexts:
    """Read, sample, split and balance. Raises ``TrainingError`` where a label has too few texts."""
    sample = Sample(request.max_per_class, request.lowercase, request.seed)
    files, unreadable = _read(inputs, request, sample, report)
    texts, contradictory = sample.texts()
    available, held_out = hold_out(texts, request.held_out, request.seed)
    labels = sample.labels()
    _check_labels(labels, available, held_out, request)
    trained = balance(available) if request.balance else available
    counts = TrainingCounts(
        read=sum(file.records for file in files),
        unreadable=unreadable,
        empty=sample.empty,
        duplicates=sample.duplicates,
        contradictory=contradictory,
        over_limit=sample.over_limit,
        unbalanced=len(available) - len(trained),
        trained=_by_label(trained),
        held_out=_by_label(held_out),
    )
    return TrainingTexts(tuple(files), counts, tuple(labels), trained, held_out)


def _read(
    inputs: Sequence[Input], request: TrainingRequest, sample: Sample, report: Report
) -> tuple[list[TrainingFile], int]:
    """Fill the sample; returns the files, and how many records had no text or no label."""
    files: list[TrainingFile] = []
    unreadable = 0
    for number, found in enumerate(inputs, 1):
        records = 0
        for examples, bad in read_examples(found, request):
            sample.add(examples)
            records += len(examples) + bad
            unreadable += bad
            report(f"reading file {number} of {len(inputs)}: {records:,} records")
        size, digest = _digest(found.path)
        files.append(TrainingFile(path=found.path, bytes=size, digest=digest, records=records))
    return files, unreadable


def _digest(path: str) -> tuple[int, str]:
    """Bytes and xxh3-128 of a file as it is stored."""
    digest, size = xxhash.xxh3_128(), 0
    filesystem, name = fsspec.core.url_to_fs(path)
    with filesystem.open(name, "rb") as file:
        while block := file.read(2**20):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def _check_labels(
    labels: Sequence[str], trained: Sequence[Sampled], held_out: Sequence[Sampled], request: TrainingRequest
) -> None:
    if len(labels) < 2:
        raise TrainingError(f"a classifier needs texts of two labels; found: {', '.join(labels) or 'none'}")
    for label in labels:
        training, testing = _by_label(trained).get(label, 0), _by_label(held_out).get(label, 0)
        if training < MINIMUM_TRAINED or testing < MINIMUM_HELD_OUT:
            raise TrainingError(
                f"too few texts of label {label!r}: {training} to train on (at least {MINIMUM_TRAINED}) and {testing} "
                f"held out (at least {MINIMUM_HELD_OUT}); add texts (of more sites), or change --held-out "
                f"({request.held_out:g}) or --seed ({request.seed})"
            )


def _by_label(texts: Iterable[Sampled]) -> dict[str, int]:
    return dict(sorted(Counter(sampled.label for sampled in texts).items()))
