"""Reads labelled texts from the files of a request."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.read.files import InputFile, find_inputs
from pipelines.read.raw.source import Source
from pipelines.read.read import read_source
from pipelines.read.record import Record
from pipelines.train.errors import TrainingError
from pipelines.train.request import NEGATIVE, POSITIVE, TrainingRequest
from pipelines.train.sample import Example
from schemas.document import DeadLetter
from schemas.recipe.read import Columns, ReadSettings


@dataclass(frozen=True)
class Input:
    """A file, and the label of all its texts or None where each has its own."""

    file: InputFile
    label: str | None


@dataclass(frozen=True)
class Unusable:
    """A record that cannot be learned from, and why."""

    reason: str


def find_training_inputs(request: TrainingRequest) -> list[Input]:
    """The files of a request.

    Raises ``InputError`` for a pattern without a readable file, ``TrainingError`` for a file of both kinds.
    """
    kinds = ((request.positive, POSITIVE), (request.negative, NEGATIVE), (request.labelled, None))
    inputs = [Input(file, label) for patterns, label in kinds if patterns for file in find_inputs(patterns)]
    labels: dict[str, str | None] = {}
    for found in inputs:
        if labels.setdefault(found.file.uri, found.label) != found.label:
            raise TrainingError(f"{found.file.uri} is given as positive and as negative; a text can only be one")
    return inputs


def read_examples(found: Input, source: Source, request: TrainingRequest) -> Iterator[Example | Unusable]:
    """The texts of an opened file; WARC records that are no pages are passed over.

    Raises ``TrainingError`` for a page that is not extracted yet, or a label that is no number where a threshold was
    given.
    """
    for item in read_source(found.file, source, _settings(request)):
        if isinstance(item, DeadLetter):
            yield Unusable(f"{found.file.uri}, {item.message}")
        elif isinstance(item, Record):
            yield _example(item, found, request)


def _settings(request: TrainingRequest) -> ReadSettings:
    columns = Columns(metadata=(request.label_column,) if request.labelled else ())
    if request.text_column:
        columns = columns.model_copy(update={"text": (request.text_column,)})
    if request.uri_column:
        columns = columns.model_copy(update={"uri": (request.uri_column,)})
    return ReadSettings(columns=columns)


def _example(item: Record, found: Input, request: TrainingRequest) -> Example | Unusable:
    if item.text is None:
        raise TrainingError(f"{found.file.uri} holds pages; extract their texts first: orchard run RECIPE --input ...")
    label = found.label or _label(item.metadata.get(request.label_column), found, request)
    if label is None:
        return Unusable(f"{found.file.uri}, {item.uri}: no text or number in the field {request.label_column!r}")
    return Example(item.text, label, item.uri)


def _label(value: str | None, found: Input, request: TrainingRequest) -> str | None:
    """The class of a label, None where the record has none."""
    if value is None:
        return None
    if request.threshold is not None:
        try:
            return POSITIVE if float(value) >= request.threshold else NEGATIVE
        except ValueError as error:
            raise TrainingError(f"{found.file.uri}: label {value!r} is no number, but a threshold is given") from error
    if request.positive_labels:
        return POSITIVE if value in request.positive_labels else NEGATIVE
    # fastText ends a label at white space.
    return "_".join(value.split()) or None
