"""Sheets for graders, without the names of the systems: CSV that any spreadsheet opens, and what comes back.

Grades come back as the CSV filled in, or as JSON lines (``code``, ``grader``, ``grades``) from the form and the judge.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import xxhash
from pydantic import Field, ValidationError

from datagen.evaluation.grades import DIMENSIONS, GRADES, Dimension, Grade, Grading
from datagen.evaluation.key import Key
from datagen.evaluation.systems import Written
from pipelines.read.files import InputError
from schemas.fingerprint import fingerprint
from schemas.strict import StrictModel

SUMMARIES = "summaries.jsonl"
SEPARATORS = (",", ";", "\t")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run."""


class BadSheet(InputError):
    """A sheet that was not filled as it must be; the message names line and column."""


class Shown(NamedTuple):
    """One summary as a grader sees it."""

    code: str
    """What stands for item and system."""
    content: str
    """The payload as text."""
    asked: str
    """The instruction."""
    summary: str
    """The answer."""


COLUMNS = (*Shown._fields, *DIMENSIONS)


class CodedGrading(StrictModel):
    """What one grader says of one code; a line of the JSON that the form and the judge write."""

    code: str = Field(min_length=1)
    """What stands for item and system."""
    grader: str = Field(min_length=1)
    """Who graded."""
    grades: dict[Dimension, Grade]
    """All five."""


def code(item: str, system: str) -> str:
    """What stands for an item and the system that wrote it."""
    return fingerprint([item, system])[:16]


def blind(written: Iterable[Written], seed: int) -> list[Shown]:
    """The summaries as graders see them, in an order that tells nothing of the systems."""
    shown = [Shown(code(one.item, one.system), one.content, one.asked, one.summary) for one in written]
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


def read_graded(path: Path, key: Key) -> list[Grading]:
    """The grades in a file; of a CSV, the grader is its name.

    Raises BadSheet for an unknown code, a word that is no grade, or a row filled by half.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadSheet(f"{path}: there is no such file of grades") from error
    except UnicodeDecodeError as error:
        raise BadSheet(f'{path}: is not UTF-8: save it as "CSV UTF-8"') from error
    except OSError as error:
        raise BadSheet(f"{path}: cannot be read: {error.strerror}") from error
    try:
        coded = _of_csv(text, path.stem) if path.suffix == ".csv" else _of_jsonl(text)
        return [_decoded(line, each, key) for line, each in coded]
    except BadSheet as error:
        raise BadSheet(f"{path}, {error}") from error


def _of_csv(text: str, grader: str) -> Sequence[tuple[int, CodedGrading]]:
    """Row and grades; rows without any grade are left out. Some spreadsheets separate by semicolons or tabs."""
    found: list[tuple[int, CodedGrading]] = []
    header = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text), delimiter=max(SEPARATORS, key=header.count))
    missing = [name for name in ("code", *DIMENSIONS) if name not in (rows.fieldnames or ())]
    if missing:
        raise BadSheet(
            f"line 1: no column {', '.join(missing)}: fill the sheet.csv that `orchard evaluation sheet` wrote"
        )
    for line, row in enumerate(rows, 2):
        given = {dimension: (row.get(dimension) or "").strip().lower() for dimension in DIMENSIONS}
        if not any(given.values()):
            continue
        wrong = [
            f"{dimension}: {repr(grade) if grade else 'empty'}"
            for dimension, grade in given.items()
            if grade not in GRADES
        ]
        if wrong:
            raise BadSheet(f"line {line}: {'; '.join(wrong)}; each must be one of {', '.join(GRADES)}")
        filled = {"code": row.get("code") or "?", "grader": grader, "grades": given}
        found.append((line, CodedGrading.model_validate(filled)))
    return found


def _of_jsonl(text: str) -> Sequence[tuple[int, CodedGrading]]:
    found: list[tuple[int, CodedGrading]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append((number, CodedGrading.model_validate_json(line)))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "line"
            raise BadSheet(f"line {number}: {where}: {first['msg']}") from error
    return found


def _decoded(line: int, coded: CodedGrading, key: Key) -> Grading:
    if coded.code not in key.items:
        raise BadSheet(f"line {line}: no item has the code {coded.code!r}: is it another sheet's?")
    missing = [dimension for dimension in DIMENSIONS if dimension not in coded.grades]
    if missing:
        raise BadSheet(f"line {line}: no grade for {', '.join(missing)}")
    behind = key.items[coded.code]
    return Grading(item=behind.item, system=behind.system, grader=coded.grader, grades=coded.grades)


def write_gradings(gradings: Iterable[CodedGrading]) -> str:
    """JSON lines, as the form writes them."""
    return "".join(f"{json.dumps(grading.model_dump(mode='json'))}\n" for grading in gradings)
