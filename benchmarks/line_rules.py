"""CPU of the C4, bad-word, RefinedWeb and DCLM families.

    python -m benchmarks.line_rules texts.parquet

``texts.parquet`` is made by ``benchmarks.conformance.texts``; ``benchmarks/conformance/record.py`` prints the CPU of
the references on the same texts. "First pass" meets every word for the first time, "again" almost none. Words that
other families use as well are lexed apart, once a batch.
"""

import argparse
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.conformance.families import FINEWEB_C4
from benchmarks.family_times import milliseconds
from filters.registry import prepare
from schemas.lexers import Lexer
from schemas.steps.c4 import C4BadWords, C4Quality
from schemas.steps.dclm import DclmQuality, DclmRepetition, DclmUrls
from schemas.steps.refinedweb import RefinedWebLines

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, help="Parquet file with a column text")
    texts = pq.read_table(parser.parse_args().texts)["text"].combine_chunks()
    milliseconds(pa.array(["Load the rules and the kernels. In here."], pa.large_string()), LEXERS, FAMILIES)
    first, again = (milliseconds(texts, LEXERS, FAMILIES) for _ in range(2))
    table = Table("", "first pass", "again", title=f"ms CPU a text, {len(texts)} texts")
    for name in again:
        table.add_row(name, f"{first[name]:.3f}", f"{again[name]:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
