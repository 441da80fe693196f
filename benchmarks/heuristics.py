"""CPU of lexing and of the Gopher and FineWeb rules, beside datatrove on the same texts.

    python -m benchmarks.heuristics texts.parquet --peer-python /path/to/datatrove/bin/python

``texts.parquet`` is made by ``benchmarks.conformance.texts``. "First pass" meets every word for the first time; "again"
is the same texts once more, as after hours of work, when almost every word is known.
"""

import argparse
import json
import resource
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.family_times import milliseconds
from filters.registry import prepare
from schemas.lexers import Lexer
from schemas.steps.fineweb import FineWebQuality
from schemas.steps.gopher import GopherQuality, GopherRepetition

LEXERS: tuple[Lexer, ...] = ("spacy-en",)
FAMILIES = {
    "gopher_quality": prepare(GopherQuality()),
    "gopher_repetition": prepare(GopherRepetition()),
    "fineweb_quality": prepare(FineWebQuality()),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, help="Parquet file with a column text")
    parser.add_argument("--peer-python", type=Path, help="interpreter of an environment with datatrove and spaCy")
    arguments = parser.parse_args()
    texts = pq.read_table(arguments.texts)["text"].combine_chunks()
    milliseconds(pa.array(["load the rules and the kernels"], pa.large_string()), LEXERS, FAMILIES)
    columns = {name: milliseconds(texts, LEXERS, FAMILIES) for name in ("first pass", "again")}
    peaks = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024] * 2
    if arguments.peer_python:
        script = Path(__file__).with_name("heuristics_peer.py")
        run = subprocess.run(
            [arguments.peer_python, script, arguments.texts], check=True, stdout=subprocess.PIPE, text=True
        )
        peer = json.loads(run.stdout.splitlines()[-1])
        columns["datatrove"] = peer["milliseconds"]
        peaks.append(peer["peak_mb"])
    Console().print(table(columns, peaks, len(texts)))


def table(columns: dict[str, dict[str, float]], peaks: list[float], count: int) -> Table:
    """One row for each family, the sum, and peak memory."""
    result = Table(title=f"ms CPU a text, {count} texts")
    result.add_column("")
    for name in columns:
        result.add_column(name, justify="right")
    result.add_column("datatrove / again", justify="right")
    sums = {name: sum(spent.values()) for name, spent in columns.items()}
    for row in [*columns["again"], "all"]:
        values = {name: sums[name] if row == "all" else spent[row] for name, spent in columns.items()}
        ratio = f"{values['datatrove'] / values['again']:.0f}x" if "datatrove" in values else ""
        result.add_row(row, *(f"{value:.3f}" for value in values.values()), ratio)
    result.add_row("peak memory, MB", *(f"{peak:.0f}" for peak in peaks), "")
    return result


if __name__ == "__main__":
    main()
