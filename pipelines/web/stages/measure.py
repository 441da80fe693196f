"""Stage `measure`: every signal of the recipe's filters, beside the extracted documents.

Its shard has a row for each row of the extracted one and a row group for each row group: signals, the text where a
step edited it, and what explains a value. Documents that a page rule dropped have nulls only.
"""

# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.apply import Measured, PreparedStep, measure_steps
from filters.batch import Batch
from filters.registry import prepare
from pipelines.engine.outputs.files import size
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter, blocks, row_groups
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import only_output, source_of
from pipelines.engine.watch.progress import ProgressLog
from pipelines.web.stages.names import EXTRACTED, MEASURED
from schemas.document import signals_type
from schemas.manifest import Counts, InputFile
from schemas.recipe.model import Recipe

BLOCK_BYTES = 2 << 20
"""Text measured at a time: large enough to share words, small enough to stay in the processor's cache and in bounds."""

DETAILS_TYPE = pa.map_(pa.string(), pa.string())


def measured_schema(recipe: Recipe) -> pa.Schema:
    """Columns of the stage's shards."""
    fields = [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("edited_text", pa.large_string()),
        pa.field("language", pa.string()),
        pa.field("details", DETAILS_TYPE),
    ]
    signals = signals_type(step for step in recipe.filters if step.signals)
    return pa.schema([*fields, pa.field("signals", signals)] if signals.num_fields else fields)


@dataclass
class MeasureStage:
    """Runs the recipe's filters over a shard of extracted documents."""

    recipe: Recipe
    fingerprint: str
    name: str = "measure"
    takes_values: bool = False
    _steps: list[PreparedStep] = field(default_factory=list)

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The shard that `extract` wrote."""
        return source_of(upstream.record, EXTRACTED)

    def open(self) -> None:
        """Load models and lists."""
        self._steps = [PreparedStep(step, prepare(step)) for step in self.recipe.filters]

    def close(self) -> None:
        """Nothing runs beside."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Measure block by block; memory is bounded by a row group and a block."""
        schema = measured_schema(self.recipe)
        source, target = layout.data(EXTRACTED, unit.name), layout.data(MEASURED, unit.name)
        rows = 0
        with ShardWriter(layout.uri(target), target, schema, self.recipe.write) as writer:
            for group in row_groups(layout.uri(source), ["doc_id", "uri", "text", "verdict"]):
                for block in blocks(group, "text", BLOCK_BYTES):
                    writer.write(self._measure(block, schema))
                    rows += block.num_rows
                    progress.add(block.num_rows, block.column("text").nbytes, block.num_rows)
                writer.end_row_group()
        return Result(
            input=InputFile(path=source, rows=rows, bytes=size(layout.uri(source)) or 0),
            outputs=(only_output(writer),),
            counts=Counts(input=rows, kept=rows),
        )

    def _measure(self, block: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
        wanted = np.flatnonzero(block.column("verdict").is_null().to_numpy(zero_copy_only=False))
        if not len(wanted):
            nulls = [pa.nulls(block.num_rows, item.type) for item in schema]
            return pa.RecordBatch.from_arrays([block.column("doc_id"), *nulls[1:]], schema=schema)
        chosen = block if len(wanted) == block.num_rows else block.take(pa.array(wanted))
        text = chosen.column("text")
        batch = Batch(text, chosen.column("uri"), pa.nulls(len(text), pa.string()))
        measured = measure_steps(batch, self._steps, self.recipe.measure == "all")
        columns = {
            "doc_id": chosen.column("doc_id"),
            "edited_text": pc.if_else(pc.equal(measured.text, text), pa.scalar(None, pa.large_string()), measured.text),
            "language": measured.language,
            "details": _details(measured),
        }
        if "signals" in schema.names:
            dtype = schema.field("signals").type
            columns["signals"] = pa.StructArray.from_arrays(
                [measured.signals[item.name].cast(item.type) for item in dtype], fields=list(dtype)
            )
        found = pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)
        return found if chosen is block else _spread(found, wanted, block.column("doc_id"))


def _details(measured: Measured) -> pa.MapArray:
    """The explanations of each document as a map from rule code to text; null where there are none."""
    explained: dict[int, list[tuple[str, str]]] = {}
    for code, texts in measured.details.items():
        for row in np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False)):
            explained.setdefault(int(row), []).append((code, texts[row].as_py()))
    return pa.array([explained.get(row) for row in range(len(measured.text))], DETAILS_TYPE)


def _spread(found: pa.RecordBatch, rows: np.ndarray, doc_ids: pa.Array) -> pa.RecordBatch:
    """Put the measured rows at their places among all rows of the block."""
    where = np.zeros(len(doc_ids), dtype=np.int64)
    where[rows] = np.arange(len(rows))
    missing = np.ones(len(doc_ids), dtype=bool)
    missing[rows] = False
    index = pa.array(where, mask=missing)
    spread = [found.column(position).take(index) for position in range(1, found.num_columns)]
    return pa.RecordBatch.from_arrays([doc_ids, *spread], schema=found.schema)
