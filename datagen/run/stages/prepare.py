"""Stage `prepare`: replaces the personal data in the payloads that are left, before anything is asked.

It takes a processor, and asking takes none: answers would wait to be read meanwhile, and be lost if the run is killed.
"""

from dataclasses import dataclass

import pyarrow as pa

from datagen.run.prepare import prepare
from datagen.run.stages.documents import BATCH, read_documents
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import only_output, source_of
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe

STAGE, PREPARED = "prepare", "stages/prepared"
SCHEMA = pa.schema([pa.field("payload", pa.large_string(), nullable=False)])
"""A payload a row, as JSON."""


@dataclass
class PrepareStage:
    """Reads payloads as documents, writes them as they may be sent."""

    recipe: SummariesRecipe
    fingerprint: str
    payloads: str
    """The folder of the payloads."""
    name: str = STAGE
    takes_values: bool = False

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The payloads that are left."""
        return source_of(upstream.record, self.payloads)

    def open(self) -> None:
        """The pipeline that finds names is loaded with the first payload."""

    def close(self) -> None:
        """Nothing runs beside."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the payloads; memory is bounded by a row group."""
        source, target = layout.uri(layout.data(self.payloads, unit.name)), layout.data(PREPARED, unit.name)
        count = 0
        with ShardWriter(layout.uri(target), target, SCHEMA, self.recipe.write) as writer:
            pending: list[str] = []
            for document in read_documents(source, ["signals"]):
                payload = Payload.model_validate_json(document["signals"]["payload"])
                pending.append(prepare(payload, self.recipe).model_dump_json())
                count += 1
                progress.add(1, kept=1)
                if len(pending) == BATCH:
                    writer.write(pa.RecordBatch.from_pydict({"payload": pending}, SCHEMA))
                    pending = []
            writer.write(pa.RecordBatch.from_pydict({"payload": pending}, SCHEMA))
        read = InputFile(path=source, rows=count, bytes=0)
        return Result(read, (only_output(writer),), Counts(input=count, kept=count))
