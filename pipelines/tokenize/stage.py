"""Stage `tokenize`: shards of documents become shards of tokens, row by row."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter, blocks, row_groups
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output
from pipelines.engine.version import code_version
from pipelines.engine.watch.progress import ProgressLog
from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.open import open_tokenizer
from pipelines.tokenize.tokenizer import Tokens, id_type
from schemas.fingerprint import fingerprint
from schemas.manifest import Counts, Finding, InputFile
from schemas.recipe.write import WriteSettings
from schemas.token_shard import token_schema

TOKENS = "tokens"
"""The folder of token shards."""
BLOCK_BYTES = 4 << 20
"""Text encoded at a time."""
_COLUMNS = ["doc_id", "text", "source", "collection"]


@dataclass
class TokenizeStage:
    """Reads input files. A worker keeps what it has encoded from shard to shard; ids do not depend on it."""

    tokenizer: str
    """As `pipelines.tokenize.open` finds it."""
    tokenizer_fingerprint: str
    """Of the tokenizer when the run began."""
    write: WriteSettings
    fingerprint: str
    name: str = "tokenize"
    takes_values: bool = False

    @classmethod
    def of(cls, tokenizer: str, write: WriteSettings) -> "TokenizeStage":
        """The stage for a tokenizer. Raises TokenizerError where it cannot be opened."""
        found = open_tokenizer(tokenizer).fingerprint
        return cls(tokenizer, found, write, fingerprint([code_version(), found, write.model_dump(mode="json")]))

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The input file."""
        return input_source(unit)

    def open(self) -> None:
        """See that the tokenizer is still the one that the run began with. Raises TokenizerError."""
        if _opened(self.tokenizer).fingerprint != self.tokenizer_fingerprint:
            raise TokenizerError(f"tokenizer {self.tokenizer} has changed during the run; run it again")

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by a row group, its tokens, and the tokenizer's cache."""
        tokenizer = _opened(self.tokenizer)
        bits = 16 if id_type(tokenizer.vocab_size) is np.uint16 else 32
        schema = token_schema(bits, self.tokenizer_fingerprint)
        name = layout.data(TOKENS, unit.name)
        rows = tokens = 0
        with ShardWriter(layout.uri(name), name, schema, self.write) as writer:
            for group in row_groups(unit.input.uri, _COLUMNS):
                for block in blocks(group, "text", BLOCK_BYTES):
                    found = tokenizer.encode(block.column("text"))
                    writer.write(_rows(block, found, schema))
                    rows += block.num_rows
                    tokens += len(found.ids)
                    progress.add(block.num_rows, block.column("text").nbytes, block.num_rows)
        return Result(
            InputFile(path=unit.input.uri, rows=rows, bytes=unit.input.size),
            (only_output(writer),),
            Counts(input=rows, kept=rows),
            (Finding.of("tokenize.tokens", tokens, "tokens of all documents"),),
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
    plain = [documents.column(name).cast(pa.string()) for name in ("doc_id", "source", "collection")]
    columns = [*plain, pa.array(np.diff(tokens.offsets)), lists]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
