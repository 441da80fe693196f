"""Text in Parquet for readers that take a row group at a time: nanochat and its like, and Hugging Face datasets."""

from dataclasses import dataclass

import pyarrow as pa

from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.export.format import Contract, Index, ShardSource, Target
from schemas.manifest import OutputFile
from schemas.recipe.write import WriteSettings

ROWS = 1024
"""In a row group. Ranks take row groups in turn, so all have the same number of rows; nanochat writes as many."""
_SCHEMA = pa.schema([
    pa.field("text", pa.large_string(), nullable=False),
    pa.field("doc_id", pa.string(), nullable=False),
    pa.field("uri", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("license", pa.string()),
    pa.field("language", pa.string()),
])  # fmt: skip
_SETTINGS = WriteSettings(row_group_mb=1024)


@dataclass(frozen=True)
class TextParquet:
    """Flat columns, ``text`` first."""

    name: str = "parquet"
    contracts: tuple[Contract, ...] = ("document",)
    index: Index | None = None

    def check(self, contract: Contract) -> None:
        """Nothing can be missing."""

    def write(self, source: ShardSource, target: Target) -> tuple[OutputFile, ...]:
        """``SHARD.parquet``; memory: a row group read and 1,024 documents."""
        path = target.path(".parquet")
        waiting = 0
        with ShardWriter(target.uri(path), path, _SCHEMA, _SETTINGS) as writer:
            for batch in source.batches({"document": _SCHEMA.names}):
                rows = batch.select(_SCHEMA.names).cast(_SCHEMA)
                while rows.num_rows:
                    part, rows = rows.slice(0, ROWS - waiting), rows.slice(ROWS - waiting)
                    writer.write(part)
                    waiting += part.num_rows
                    if waiting == ROWS:
                        writer.end_row_group()
                        waiting = 0
        if writer.output is None:
            raise ValueError("the shard is still open")
        return (writer.output,)
