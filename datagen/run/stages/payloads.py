"""Stage `payloads`: reads a file, and writes the payloads that something can be asked about, and `dead-letters/`."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pyarrow as pa

from datagen.payloads.reading import Unreadable
from datagen.run.stages.documents import DOCUMENTS, PAYLOAD_SCHEMA, PAYLOADS, in_batches, payload_document
from datagen.run.suitable import SuitablePayloads
from pipelines.engine.outputs.layout import DEAD_LETTERS, Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.document import DeadLetter, Provenance, dead_letter_schema
from schemas.manifest import Counts, InputFile
from schemas.summaries.recipe import SummariesRecipe

STAGE = "payloads"


@dataclass
class PayloadsStage:
    """Reads payloads as they are; nothing is replaced in them yet, so that those alike are alike."""

    recipe: SummariesRecipe
    fingerprint: str
    limits: Mapping[str, int] | None
    """Most prompts to make of a shard, by its name; None: all."""
    name: str = STAGE
    takes_values: bool = False

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The input file, and how much of it is taken."""
        source = input_source(unit)
        return Source(source.path, source.bytes, f"{source.identity} {self._limit(unit)}")

    def _limit(self, unit: Shard) -> int | None:
        return None if self.limits is None else self.limits[unit.name]

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing runs beside."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read and write; memory is bounded by a row group."""
        payloads = SuitablePayloads(self.recipe, unit.input.uri, self._limit(unit))
        documents = (payload_document(payload, unit.input.relative_name) for payload in payloads)
        targets = ((f"{PAYLOADS}/{DOCUMENTS}", PAYLOAD_SCHEMA), (DEAD_LETTERS, dead_letter_schema()))
        with ExitStack() as stack:
            names = [(layout.data(kind, unit.name), schema) for kind, schema in targets]
            suitable, dead = (
                stack.enter_context(ShardWriter(layout.uri(name), name, schema, self.recipe.write))
                for name, schema in names
            )
            for batch in in_batches(documents, PAYLOAD_SCHEMA):
                suitable.write(batch)
                progress.add(batch.num_rows, kept=batch.num_rows)
            letters = [_dead_letter(each) for each in payloads.unreadable]
            dead.write(pa.RecordBatch.from_pylist([each.model_dump() for each in letters], dead_letter_schema()))
        progress.add(size=unit.size)
        classes = [letter.error_class for letter in letters]
        counts = Counts(
            input=payloads.read,
            kept=payloads.suitable,
            dead_letters={each: classes.count(each) for each in sorted(set(classes))},
            skipped=payloads.skipped(),
        )
        read = InputFile(path=unit.input.uri, rows=payloads.read, bytes=unit.input.size)
        return Result(read, (only_output(suitable), only_output(dead)), counts)


def _dead_letter(unreadable: Unreadable) -> DeadLetter:
    return DeadLetter(
        provenance=Provenance(container=unreadable.container),
        stage=STAGE,
        error_class=unreadable.error_class,
        message=f"record {unreadable.position}: {unreadable.message}",
    )
