"""CPU of lexing and of families of measures, batch by batch, on the same texts."""

import time
from collections.abc import Iterable, Mapping

import pyarrow as pa

from filters.batch import Batch, Measure
from schemas.lexers import Lexer

BATCH = 256


def milliseconds(
    texts: pa.LargeStringArray, lexers: Iterable[Lexer], families: Mapping[str, Measure]
) -> dict[str, float]:
    """Milliseconds of CPU a text, for each lexer and then for each family, which finds the words lexed."""
    lexings: dict[str, Lexer] = {f"lexing, {lexer}": lexer for lexer in lexers}
    spent = dict.fromkeys([*lexings, *families], 0.0)
    for start in range(0, len(texts), BATCH):
        text = texts.slice(start, BATCH)
        batch = Batch(text, pa.repeat("https://example.org/", len(text)), pa.nulls(len(text), pa.string()))
        for name, lexer in lexings.items():
            started = time.process_time()
            batch.words(lexer)
            spent[name] += time.process_time() - started
        for name, family in families.items():
            started = time.process_time()
            family(batch)
            spent[name] += time.process_time() - started
    return {name: 1000 * seconds / len(texts) for name, seconds in spent.items()}
