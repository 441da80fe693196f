"""The key of a sheet: what graders do not see, and what is needed to read their grades."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from datagen.evaluation.grades import Task
from pipelines.read.files import InputError
from schemas.strict import StrictModel

KEY = "key.json"


class Coded(StrictModel):
    """What stands behind a code."""

    task: Task
    """The use case and the product."""
    item: str = Field(min_length=1)
    """The payload and the product."""
    system: str = Field(min_length=1)
    """The model."""


class Key(StrictModel):
    """What a folder of sheets is about."""

    items: Mapping[str, Coded]
    """By the code."""
    unanswered: Mapping[str, int]
    """By the system: of what is on the sheet, what it gave no usable answer to, and nobody can grade."""
    anonymised: bool
    """Whether personal data was replaced in all payloads."""


def read_key(folder: Path) -> Key:
    """The key of a folder. Raises InputError: no sheet was written there."""
    try:
        return Key.model_validate_json((folder / KEY).read_bytes())
    except FileNotFoundError as error:
        raise InputError(f"{folder}: no sheet is there; `orchard evaluation sheet` writes one") from error
    except ValidationError as error:
        raise InputError(f"{folder / KEY}: is no key of a sheet: {error.errors()[0]['msg']}") from error
