"""Sheets for graders, without the names of the systems: CSV that any spreadsheet opens."""

import csv
import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import xxhash

from datagen.evaluation.grades import DIMENSIONS
from datagen.evaluation.systems import Written
from pipelines.read.files import InputError
from schemas.fingerprint import fingerprint

SUMMARIES = "summaries.jsonl"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run."""


class Shown(NamedTuple):
    """One summary as a grader sees it."""

    code: str
    """What stands for the item, the system and what it wrote."""
    content: str
    """The payload as text."""
    asked: str
    """The instruction."""
    summary: str
    """The answer."""


COLUMNS = (*Shown._fields, *DIMENSIONS)


def code(written: Written) -> str:
    """What stands for a summary: another one of the same system has another code, so that no grade is taken for it.

    It begins with a letter: a spreadsheet would round sixteen digits, or read 12e4 as a number.
    """
    return "s" + fingerprint([written.item, written.system, written.content, written.asked, written.summary])[:15]


def blind(written: Iterable[Written], seed: int) -> list[Shown]:
    """The summaries as graders see them, in an order that tells nothing of the systems."""
    shown = [Shown(code(one), one.content, one.asked, one.summary) for one in written]
    return sorted(shown, key=lambda each: xxhash.xxh3_64_intdigest(each.code.encode(), seed=seed))


def write_summaries(shown: Iterable[Shown]) -> str:
    """JSON lines of what graders see."""
    return "".join(f"{json.dumps(each._asdict())}\n" for each in shown)


def read_summaries(folder: Path) -> list[Shown]:
    """What the graders of a folder see. Raises InputError: no sheet was written there, or it was changed."""
    path = folder / SUMMARIES
    try:
        return [Shown(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError as error:
        raise InputError(f"{folder}: no sheet is there; `orchard evaluation sheet` writes one") from error
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: is not what `orchard evaluation sheet` has written: {error}") from error


def write_sheet(shown: Iterable[Shown]) -> str:
    """The CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236)."""
    file = StringIO()
    sheet = csv.writer(file)
    sheet.writerow(COLUMNS)
    for each in shown:
        cells = (f"'{text}" if text.startswith(FORMULA) else text for text in each)
        sheet.writerow([*cells, *("" for _ in DIMENSIONS)])
    return file.getvalue()
