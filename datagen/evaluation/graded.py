"""Grades as they come back: the CSV filled in, or JSON lines (``code``, ``grader``, ``grades``) of form and judge."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from pydantic import Field, ValidationError

from datagen.evaluation.grades import DIMENSIONS, GRADES, Dimension, Grade, Grading
from datagen.evaluation.key import Key
from pipelines.read.files import InputError
from schemas.strict import StrictModel

SHEETS, LINES = ".csv", ".jsonl"
SEPARATORS = (",", ";", "\t")


class BadSheet(InputError):
    """A sheet that was not filled as it must be; the message names row and column."""


class CodedGrading(StrictModel):
    """What one grader says of one code; a line of the JSON that the form and the judge write."""

    code: str = Field(min_length=1)
    """What stands for a summary."""
    grader: str = Field(min_length=1)
    """Who graded."""
    grades: dict[Dimension, Grade]
    """All five."""


def read_all(paths: Iterable[Path], key: Key) -> list[Grading]:
    """The grades in all files; what a grader says of a summary twice counts once.

    Raises BadSheet as `read_graded`, or for a grader who says two things of one summary.
    """
    found: dict[tuple[str, str, str], tuple[str, Grading]] = {}
    for path in paths:
        for row, grading in read_graded(path, key):
            where, name = f"{path}, {row}", (grading.system, grading.item, grading.grader)
            before, first = found.setdefault(name, (where, grading))
            if first != grading:
                raise BadSheet(
                    f"{where}: {grading.grader} has graded this summary otherwise in {before}: give only the newer "
                    "file of a grader, and each grader another name (of a CSV it is the name of the file)"
                )
    return [grading for _, grading in found.values()]


def read_graded(path: Path, key: Key) -> list[tuple[str, Grading]]:
    """The grades in a file, each with its row or line; of a CSV, the grader is its name.

    Raises BadSheet for another kind of file, an unknown code, a word that is no grade, or a row filled by half.
    """
    kind = path.suffix.lower()
    if kind not in (SHEETS, LINES):
        raise BadSheet(f"{path}: grades are a filled sheet, saved as {SHEETS}, or the {LINES} of the form or the judge")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadSheet(f"{path}: there is no such file of grades") from error
    except UnicodeDecodeError as error:
        raise BadSheet(f'{path}: is not UTF-8: save it as "CSV UTF-8"') from error
    except OSError as error:
        raise BadSheet(f"{path}: cannot be read: {error.strerror}") from error
    try:
        coded = _of_csv(text, path.stem) if kind == SHEETS else _of_jsonl(text)
        return [(where, _decoded(where, each, key)) for where, each in coded]
    except BadSheet as error:
        raise BadSheet(f"{path}, {error}") from error


def _of_csv(text: str, grader: str) -> Sequence[tuple[str, CodedGrading]]:
    """Row and grades; rows without any grade are left out. Some spreadsheets separate by semicolons or tabs."""
    found: list[tuple[str, CodedGrading]] = []
    header = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text), delimiter=max(SEPARATORS, key=header.count))
    missing = [name for name in ("code", *DIMENSIONS) if name not in (rows.fieldnames or ())]
    if missing:
        raise BadSheet(
            f"row 1: no column {', '.join(missing)}: fill the sheet.csv that `orchard evaluation sheet` wrote"
        )
    for number, row in enumerate(rows, 2):
        given = {dimension: (row.get(dimension) or "").strip().lower() for dimension in DIMENSIONS}
        if not any(given.values()):
            continue
        wrong = [
            f"{dimension}: {repr(grade) if grade else 'empty'}"
            for dimension, grade in given.items()
            if grade not in GRADES
        ]
        if wrong:
            raise BadSheet(f"row {number}: {'; '.join(wrong)}; each must be one of {', '.join(GRADES)}")
        filled = {"code": row.get("code") or "?", "grader": grader, "grades": given}
        found.append((f"row {number}", CodedGrading.model_validate(filled)))
    return found


def _of_jsonl(text: str) -> Sequence[tuple[str, CodedGrading]]:
    found: list[tuple[str, CodedGrading]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append((f"line {number}", CodedGrading.model_validate_json(line)))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "line"
            raise BadSheet(f"line {number}: {where}: {first['msg']}") from error
    return found


def _decoded(where: str, coded: CodedGrading, key: Key) -> Grading:
    if coded.code not in key.items:
        raise BadSheet(f"{where}: no item has the code {coded.code!r}: is it another sheet's?")
    missing = [dimension for dimension in DIMENSIONS if dimension not in coded.grades]
    if missing:
        raise BadSheet(f"{where}: no grade for {', '.join(missing)}")
    behind = key.items[coded.code]
    return Grading(task=behind.task, item=behind.item, system=behind.system, grader=coded.grader, grades=coded.grades)


def write_gradings(gradings: Iterable[CodedGrading]) -> str:
    """JSON lines, as the form writes them."""
    return "".join(f"{json.dumps(grading.model_dump(mode='json'))}\n" for grading in gradings)
