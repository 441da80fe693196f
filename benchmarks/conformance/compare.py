"""Compares our verdicts and values with a reference's, text by text.

python -m benchmarks.conformance.compare gopher texts.parquet recorded/gopher.jsonl.gz
"""

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.conformance.families import FAMILIES, Family
from benchmarks.conformance.texts import text_digest
from filters.apply import Measured, PreparedStep, measure_steps
from filters.batch import Batch
from filters.decide import Rule, decide
from filters.registry import prepare

BATCH = 256


@dataclass(frozen=True)
class Outcome:
    """What our steps say of one text: the rule that drops it (None: kept), every value, the text afterwards."""

    rule: str | None
    values: dict[str, float | None]
    text: str


def outcomes(texts: Sequence[str], family: Family) -> Iterator[Outcome]:
    """Run a family's steps on texts and decide, as the pipeline does."""
    steps = [PreparedStep(step, prepare(step)) for step in family.steps]
    rules = [Rule(code, bound) for step in family.steps for code, bound in step.rules().items()]
    for start in range(0, len(texts), BATCH):
        part = pa.array(texts[start : start + BATCH], pa.large_string())
        unknown = pa.nulls(len(part), pa.string())
        measured = measure_steps(Batch(part, unknown, unknown), steps, measure_all=True)
        verdicts = decide(measured.signals, rules, measured.details, "measure", len(part))
        for verdict, values, text in zip(
            verdicts.to_pylist(), _rows(measured, len(part)), measured.text.to_pylist(), strict=True
        ):
            yield Outcome(verdict and verdict["rule"], values, text)


def _rows(measured: Measured, count: int) -> Iterator[dict[str, float | None]]:
    columns = [struct.to_pylist() for struct in measured.signals.values()]
    for row in range(count):
        yield {name: value for column in columns for name, value in column[row].items()}


def read_verdicts(path: Path) -> dict[str, dict]:
    """Digest to what ``record.py`` wrote of it."""
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    return {verdict["digest"]: verdict for verdict in map(json.loads, lines)}


def differing_values(ours: dict[str, float | None], theirs: dict[str, float]) -> list[str]:
    """The names of the values that are not the same number."""
    return [
        name
        for name, value in theirs.items()
        if not math.isnan(value) and (ours[name] is None or not math.isclose(ours[name], value, rel_tol=1e-12))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=sorted(FAMILIES))
    parser.add_argument("texts", type=Path, help="Parquet file of texts.py")
    parser.add_argument("recorded", type=Path, help="verdicts of record.py")
    arguments = parser.parse_args()
    family, recorded = FAMILIES[arguments.family], read_verdicts(arguments.recorded)
    table = pq.read_table(arguments.texts)
    texts = table["text"].to_pylist()
    reasons, differences, values_compared = Counter(), 0, 0
    wrong_values = Counter()
    for digest, text, ours in zip(table["digest"].to_pylist(), texts, outcomes(texts, family), strict=True):
        theirs = recorded[digest]
        expected = family.reasons.get(theirs["reason"], theirs["reason"])
        reasons[expected or "kept"] += 1
        wrong = differing_values(ours.values, theirs.get("values", {}))
        wrong_values.update(wrong)
        values_compared += len(theirs.get("values", {}))
        if ours.rule != expected:
            differences += 1
            print(f"{digest}: reference {expected}, ours {ours.rule}; {len(text)} characters, values differ: {wrong}")
        elif theirs.get("edited") and theirs["edited"] != text_digest(ours.text):
            differences += 1
            print(f"{digest}: both {expected or 'keep it'}, but our edited text differs; {len(text)} characters")
    for reason, count in reasons.most_common():
        print(f"{count:6d} {reason}")
    print(f"{len(texts)} texts, {differences} different; {values_compared} values, differing: {wrong_values}")


if __name__ == "__main__":
    main()
