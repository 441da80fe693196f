"""What a shard of a generation writes."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pyarrow as pa
import xxhash
from pydantic import BaseModel

from datagen.run.sort import Sorted, merge
from datagen.run.stages.documents import ANSWERS, DOCUMENTS, SAMPLE_SCHEMA, sample_document, to_batch
from pipelines.engine.outputs.files import write_bytes
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.upstream import only_output
from schemas.generation.report import ShardAccount
from schemas.generation.rows import failed_schema, rejected_schema
from schemas.manifest import OutputFile
from schemas.recipe.write import WriteSettings
from schemas.waterfall import GateCount, Waterfall

STAGE = "generate"
REJECTED, FAILURES, ACCOUNTS = "rejected", "failures", "stages/accounts"
SAMPLES = f"{ANSWERS}/{DOCUMENTS}"
"""What the gates have kept."""


class ShardOutputs:
    """Takes in results batch by batch; the files appear at the end of the ``with`` block."""

    def __init__(self, layout: Layout, shard: str, settings: WriteSettings) -> None:
        self._layout, self._shard, self._settings = layout, shard, settings
        self._schemas = {
            SAMPLES: SAMPLE_SCHEMA,
            REJECTED: rejected_schema(),
            FAILURES: failed_schema(),
        }
        self._writers: dict[str, ShardWriter] = {}
        self._stack = ExitStack()
        self._waterfalls: list[Waterfall | None] = []
        self.dropped = Counter[str]()
        """Not kept, by gate and reason or by failure."""
        self.kept = 0
        self._corrected = 0
        self._instructions: GateCount | None = None
        self._twins = 0

    def __enter__(self) -> Self:
        for kind, schema in self._schemas.items():
            name = self._layout.data(kind, self._shard)
            writer = ShardWriter(self._layout.uri(name), name, schema, self._settings)
            self._writers[kind] = self._stack.enter_context(writer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, traceback)

    def add(self, found: Sorted) -> None:
        """Write rows and count them."""
        rows = zip(found.kept, found.if_repeated, strict=True)
        documents = [sample_document(row, repeated, self._shard) for row, repeated in rows]
        self._writers[SAMPLES].write(to_batch(documents, SAMPLE_SCHEMA))
        self._write(REJECTED, found.rejected)
        self._write(FAILURES, found.failed)
        self.kept += len(found.kept)
        self.dropped += found.dropped()
        self._corrected += found.corrected
        self._waterfalls = [merge([*self._waterfalls, found.waterfall])]

    def add_payloads(self, instructions: GateCount | None, twins: int) -> None:
        """Note what was found in the payloads, and how many twins there were."""
        self._instructions, self._twins = instructions, twins

    def _write(self, kind: str, rows: Sequence[BaseModel]) -> None:
        schema = self._schemas[kind]
        self._writers[kind].write(pa.RecordBatch.from_pylist([row.model_dump() for row in rows], schema))

    def files(self) -> tuple[OutputFile, ...]:
        """All files, the account too; after the block."""
        failures = {code.removeprefix("failed."): n for code, n in self.dropped.items() if code.startswith("failed.")}
        account = ShardAccount(
            waterfall=merge(self._waterfalls),
            failures=dict(sorted(failures.items())),
            instructions=self._instructions,
            twins=self._twins,
            corrected=self._corrected,
        )
        content = account.model_dump_json(indent=1).encode()
        path = f"{ACCOUNTS}/{self._shard}.json"
        write_bytes(self._layout.uri(path), content)
        written = OutputFile(path=path, rows=1, bytes=len(content), digest=xxhash.xxh3_128_hexdigest(content))
        return (*map(only_output, self._writers.values()), written)
