"""CPU of the C4, bad-word, RefinedWeb and DCLM families.

    python -m benchmarks.line_rules texts.parquet

``texts.parquet`` is made by ``benchmarks.conformance.texts``; ``benchmarks/conformance/record.py`` prints the CPU of
the references on the same texts. "First pass" meets every word for the first time, "again" almost none. Words that
other families use as well are lexed apart, once a batch.
"""

import argparse
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.conformance.families import FINEWEB_C4
from filters.batch import Batch
from filters.registry import prepare
from schemas.lexers import Lexer
from schemas.steps.c4 import C4BadWords, C4Quality
from schemas.steps.dclm import DclmQuality, DclmRepetition, DclmUrls
from schemas.steps.refinedweb import RefinedWebLines

BATCH = 256
LEXERS: tuple[Lexer, ...] = ("whitespace", "uax29")
FAMILIES = {
    "c4_quality, as published": prepare(C4Quality()),
    "c4_quality, as in FineWeb": prepare(FINEWEB_C4),
    "c4_bad_words": prepare(C4BadWords(default_language="en")),
    "refinedweb_lines": prepare(RefinedWebLines()),
    "dclm_urls": prepare(DclmUrls()),
    "dclm_quality": prepare(DclmQuality()),
    "dclm_repetition": prepare(DclmRepetition()),
}


def measure(texts: pa.LargeStringArray) -> dict[str, float]:
    """Milliseconds of CPU a text, for each lexer and family."""
    spent = dict.fromkeys([*(f"lexing, {lexer}" for lexer in LEXERS), *FAMILIES], 0.0)
    for start in range(0, len(texts), BATCH):
        text = texts.slice(start, BATCH)
        batch = Batch(text, pa.repeat("https://example.org/", len(text)), pa.nulls(len(text), pa.string()))
        for lexer in LEXERS:
            started = time.process_time()
            batch.words(lexer)
            spent[f"lexing, {lexer}"] += time.process_time() - started
        for name, family in FAMILIES.items():
            started = time.process_time()
            family(batch)
            spent[name] += time.process_time() - started
    return {name: 1000 * seconds / len(texts) for name, seconds in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, help="Parquet file with a column text")
    texts = pq.read_table(parser.parse_args().texts)["text"].combine_chunks()
    measure(pa.array(["Load the rules and the kernels. In here."], pa.large_string()))
    first, again = measure(texts), measure(texts)
    table = Table("", "first pass", "again", title=f"ms CPU a text, {len(texts)} texts")
    for name in again:
        table.add_row(name, f"{first[name]:.3f}", f"{again[name]:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
