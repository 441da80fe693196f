"""Stage `decide`: the recipe's bounds on the measured signals; writes `kept/` and `dropped/`.

It computes no signal, so another threshold costs only this stage.
"""

# pyright: reportAttributeAccessIssue=false

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from filters.decide import Rule, decide
from pipelines.engine.outputs.documents import document_schemas
from pipelines.engine.outputs.files import size
from pipelines.engine.outputs.layout import DROPPED, KEPT, Layout
from pipelines.engine.outputs.parquet import ShardWriter, row_groups
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import only_output, source_of
from pipelines.engine.watch.progress import ProgressLog
from pipelines.web.stages.names import EXTRACTED, MEASURED
from schemas.manifest import Counts, InputFile
from schemas.recipe.model import Recipe
from schemas.recipe.signals import run_document_schema


def filter_rules(recipe: Recipe, values: Globals) -> list[Rule]:
    """The rules of the recipe's filters in order, percentiles as the values they have in this corpus."""
    return [Rule(code, bound, values.get(code)) for step in recipe.filters for code, bound in step.rules().items()]


@dataclass
class DecideStage:
    """Applies the bounds to a shard."""

    recipe: Recipe
    fingerprint: str
    kept: str = KEPT
    """The folder of the documents that pass."""
    name: str = "decide"
    takes_values: bool = True

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The shard that `measure` wrote; it follows from the extracted one, so its digest stands for both."""
        return source_of(upstream.record, MEASURED)

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing runs beside."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Decide row group by row group; memory is bounded by one and the two being written."""
        rules = filter_rules(self.recipe, values)
        source = layout.data(MEASURED, unit.name)
        kept_name, dropped_name = layout.data(self.kept, unit.name), layout.data(DROPPED, unit.name)
        write = self.recipe.write
        kept_schema, dropped_schema = document_schemas(run_document_schema(self.recipe))
        dropped_by: Counter[str] = Counter()
        rows = 0
        with (
            ShardWriter(layout.uri(kept_name), kept_name, kept_schema, write) as kept,
            ShardWriter(layout.uri(dropped_name), dropped_name, dropped_schema, write) as dropped,
        ):
            extracted = row_groups(layout.uri(layout.data(EXTRACTED, unit.name)))
            for documents, measured in zip(extracted, row_groups(layout.uri(source)), strict=True):
                whole = _join(documents, measured, rules)
                passed = pc.is_null(whole["verdict"])
                keep = _rows(whole, kept_schema, passed)
                drop = _rows(whole | {"text": documents.column("text")}, dropped_schema, pc.invert(passed))
                kept.write(keep)
                dropped.write(drop)
                dropped_by.update(pc.struct_field(drop.column("verdict"), "rule").to_pylist())
                rows += documents.num_rows
                progress.add(documents.num_rows, documents.column("text").nbytes, keep.num_rows)
        return Result(
            input=InputFile(path=source, rows=rows, bytes=size(layout.uri(source)) or 0),
            outputs=(only_output(kept), only_output(dropped)),
            counts=Counts(input=rows, kept=only_output(kept).rows, dropped=dict(sorted(dropped_by.items()))),
        )


def _join(documents: pa.RecordBatch, measured: pa.RecordBatch, rules: list[Rule]) -> dict[str, pa.Array]:
    """Extracted and measured columns of the same rows as one document, with its final text and its verdict."""
    columns: dict[str, pa.Array] = {name: documents.column(name) for name in documents.schema.names}
    spaces: dict[str, pa.StructArray] = {}
    for batch in (documents, measured):
        if "signals" in batch.schema.names:
            signals = batch.column("signals")
            spaces |= {item.name: pc.struct_field(signals, item.name) for item in signals.type}
    details = {rule.code: _explained(measured.column("details"), rule.code) for rule in rules}
    found = decide(spaces, rules, details, "filter", documents.num_rows)
    early = columns["verdict"]
    columns["verdict"] = pc.if_else(pc.is_valid(early), early, found.cast(early.type))
    edited = measured.column("edited_text")
    columns["text"] = pc.if_else(pc.is_valid(edited), edited, columns["text"])
    columns["language"] = measured.column("language")
    columns["language_score"] = _language_score(spaces, documents.num_rows)
    return columns | {f"signals.{name}": values for name, values in spaces.items()}


def _language_score(spaces: dict[str, pa.StructArray], rows: int) -> pa.Array:
    if "language" not in spaces:
        return pa.nulls(rows, pa.float64())
    scores = pc.struct_field(spaces["language"], "top1_score").cast(pa.float64())
    return pc.min_element_wise(scores, 1.0, skip_nulls=False)  # fastText may say 1.00001


def _explained(details: pa.Array, code: str) -> pa.Array:
    """The entry ``code`` of each row's map; null where it has none."""
    return pc.map_lookup(details, code, "first")


def _rows(columns: dict[str, pa.Array], schema: pa.Schema, chosen: pa.Array) -> pa.RecordBatch:
    """The chosen rows in the given schema; ``signals`` is put together from its namespaces, later ones are null."""
    arrays, rows = [], len(chosen)
    for item in schema:
        if item.name == "signals":
            spaces = [columns.get(f"signals.{space.name}", pa.nulls(rows, space.type)) for space in item.type]
            parts = [values.filter(chosen).cast(space.type) for values, space in zip(spaces, item.type, strict=True)]
            arrays.append(pa.StructArray.from_arrays(parts, fields=list(item.type)))
        else:
            arrays.append(columns[item.name].filter(chosen).cast(item.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
