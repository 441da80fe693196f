"""Stage `tokenize`: from documents to their tokens, a row for each, in the same order."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pipelines.engine.outputs.layout import DEAD_LETTERS, TOKENS, Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output
from pipelines.engine.version import code_version
from pipelines.engine.watch.progress import ProgressLog
from pipelines.read.blocks import read_blocks
from pipelines.read.raw.source import open_input
from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.open import open_tokenizer
from pipelines.tokenize.tally import Tally
from pipelines.tokenize.tokenizer import Tokens, id_type
from schemas.document import DeadLetter, dead_letter_schema
from schemas.fingerprint import fingerprint
from schemas.manifest import InputFile
from schemas.recipe.tokenize import Tokenize
from schemas.token_shard import token_schema

BLOCK_BYTES = 4 << 20
"""Text encoded at a time."""
_COLUMNS = ("doc_id", "text", "source", "collection", "uri")


@dataclass
class TokenizeStage:
    """Reads input files. A worker keeps what it has encoded from shard to shard; ids do not depend on it."""

    settings: Tokenize
    tokenizer_fingerprint: str
    """Of the tokenizer when the run began."""
    fingerprint: str
    name: str = "tokenize"
    takes_values: bool = False

    @classmethod
    def of(cls, settings: Tokenize) -> "TokenizeStage":
        """The stage for some settings. Raises TokenizerError where the tokenizer cannot be opened."""
        found = open_tokenizer(settings.tokenizer).fingerprint
        rest = settings.model_dump(mode="json", exclude={"tokenizer"})
        return cls(settings, found, fingerprint([code_version(), found, rest]))

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The input file."""
        return input_source(unit)

    def open(self) -> None:
        """See that the tokenizer is still the one that the run began with. Raises TokenizerError."""
        tokenizer = self.settings.tokenizer
        if _opened(tokenizer).fingerprint != self.tokenizer_fingerprint:
            raise TokenizerError(f"tokenizer {tokenizer} has changed during the run; run it again")

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by a row group, its tokens, and the tokenizer's cache."""
        tokenizer, write = _opened(self.settings.tokenizer), self.settings.write
        schema = token_schema(16 if id_type(tokenizer.vocab_size) is np.uint16 else 32, self.tokenizer_fingerprint)
        target, dead_target = layout.data(TOKENS, unit.name), layout.data(DEAD_LETTERS, unit.name)
        tally, done = Tally(), 0
        with (
            open_input(unit.input) as source,
            ShardWriter(layout.uri(target), target, schema, write) as writer,
            ShardWriter(layout.uri(dead_target), dead_target, dead_letter_schema(), write) as letters,
        ):
            for block in read_blocks(unit.input, source, _COLUMNS, self.settings.foreign, BLOCK_BYTES):
                if isinstance(block, DeadLetter):
                    tally.dead_letters[block.error_class] += 1
                    letters.write(pa.RecordBatch.from_pylist([block.model_dump()], schema=dead_letter_schema()))
                    continue
                tokens = tokenizer.encode(block.column("text"))
                writer.write(_rows(block, tokens, schema))
                tally.add(block, tokens)
                before, done = done, max(done, source.file.tell())
                progress.add(block.num_rows, done - before, block.num_rows)
            digest = source.hexdigest()
        file = unit.input
        return Result(
            InputFile(
                path=file.uri, rows=tally.counts().input, bytes=file.size, modified_at=file.modified_at, digest=digest
            ),
            (only_output(writer), only_output(letters)),
            tally.counts(),
            tally.findings(),
        )

    def close(self) -> None:
        """Nothing runs beside."""


@lru_cache(maxsize=1)
def _opened(tokenizer: str) -> CachedTokenizer:
    """Once a process: its cache is what makes it fast."""
    return open_tokenizer(tokenizer)


def _rows(documents: pa.RecordBatch, tokens: Tokens, schema: pa.Schema) -> pa.RecordBatch:
    dtype = schema.field("tokens").type
    lists = pa.LargeListArray.from_arrays(pa.array(tokens.offsets), pa.array(tokens.ids), type=dtype)
    columns = {name: documents.column(name) for name in _COLUMNS} | {
        "length": pa.array(np.diff(tokens.offsets)),
        "tokens": lists,
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)
