"""Sheets for graders: CSV that any spreadsheet opens, without the names of the systems."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

import xxhash

from datagen.evaluation.grades import DIMENSIONS, GRADES, Grading
from schemas.fingerprint import fingerprint

COLUMNS = ("code", "content", "asked", "summary", *DIMENSIONS)


class BadSheet(ValueError):
    """A sheet that was not filled as it must be; the message names line and column."""


def code(item: str, system: str) -> str:
    """What stands for an item and the system that wrote it."""
    return fingerprint([item, system])[:16]


def write_sheet(rows: Iterable[tuple[str, str, str, str, str]], seed: int) -> str:
    """A sheet of (item, system, content, what was asked, summary), in an order that tells nothing of the systems."""
    ordered = sorted(rows, key=lambda row: xxhash.xxh3_64_intdigest(code(row[0], row[1]).encode(), seed=seed))
    file = StringIO()
    sheet = csv.writer(file)
    sheet.writerow(COLUMNS)
    for item, system, *shown in ordered:
        sheet.writerow([code(item, system), *shown, *("" for _ in DIMENSIONS)])
    return file.getvalue()


def read_sheet(text: str, grader: str, items: Mapping[str, tuple[str, str]]) -> Sequence[Grading]:
    """What a grader filled in; ``items`` has item and system of each code. Rows without any grade are left out.

    Raises BadSheet for an unknown code, a word that is no grade, or a row filled by half.
    """
    found: list[Grading] = []
    for line, row in enumerate(csv.DictReader(StringIO(text)), 2):
        given = {dimension: (row.get(dimension) or "").strip().lower() for dimension in DIMENSIONS}
        if not any(given.values()):
            continue
        if row.get("code") not in items:
            raise BadSheet(f"line {line}: no item has the code {row.get('code')!r}")
        wrong = [f"{dimension}: {grade!r}" for dimension, grade in given.items() if grade not in GRADES]
        if wrong:
            raise BadSheet(f"line {line}: {'; '.join(wrong)}; each must be one of {', '.join(GRADES)}")
        item, system = items[row["code"]]
        found.append(Grading.model_validate({"item": item, "system": system, "grader": grader, "grades": given}))
    return found
