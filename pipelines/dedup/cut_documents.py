"""Documents after a cut: the kept ones with what is left and signals that say so, the dropped ones as they were."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.decide import VERDICT_TYPE
from pipelines.dedup.cuts import CutTexts, Step
from pipelines.dedup.verdicts import STAGE, rule
from pipelines.engine.outputs.documents import conform
from schemas.duplicate import NAMESPACE

UNITS = {"lines": "lines", "substrings": "passages"}
"""What each section cuts."""


def after_cut(
    documents: pa.RecordBatch,
    cuts: CutTexts,
    steps: Sequence[Step],
    counts: Mapping[str, pa.Array],
    schemas: tuple[pa.Schema, pa.Schema],
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The kept and the dropped documents, by their ``schemas``; ``counts`` are more columns of all of them."""
    kept, dropped = schemas
    more = with_signals(documents, kept, steps, counts, cuts)
    stays = pa.array(cuts.dropped_by < 0)
    gone = np.flatnonzero(cuts.dropped_by >= 0)
    columns = {name: column.take(pa.array(gone)) for name, column in more.items()}
    return (
        conform(documents, kept, {**more, "text": cuts.text}).filter(stays),
        conform(documents.take(pa.array(gone)), dropped, {**columns, "verdict": verdicts(cuts, steps)}),
    )


def with_signals(
    documents: pa.RecordBatch,
    schema: pa.Schema,
    steps: Sequence[Step],
    more: Mapping[str, pa.Array],
    cuts: CutTexts | None = None,
) -> dict[str, pa.Array]:
    """``more`` columns of documents, and if there are ``steps`` that cut their signals; null without ``cuts``."""
    return {**more, "signals": _signals(documents, schema.field("signals").type, cuts)} if steps else dict(more)


def _signals(documents: pa.RecordBatch, dtype: pa.StructType, cuts: CutTexts | None) -> pa.StructArray:
    """The signals of documents, with those on what was cut as ``dtype`` says."""
    own = dtype.field(NAMESPACE)
    values = pa.nulls(documents.num_rows, own.type) if cuts is None else _own_signals(cuts, own.type)
    spaces = [
        values if space.name == NAMESPACE else pc.struct_field(documents.column("signals"), space.name)
        for space in dtype
    ]
    return pa.StructArray.from_arrays(spaces, fields=list(dtype))


def _own_signals(cuts: CutTexts, dtype: pa.StructType) -> pa.StructArray:
    """A share and a count for each section."""
    columns: list[pa.Array] = []
    for edited in cuts.edits:
        columns += [pa.array(edited.removed / np.maximum(cuts.bytes_before, 1)), pa.array(edited.ranges)]
    return pa.StructArray.from_arrays(columns, fields=list(dtype))


def verdicts(cuts: CutTexts, steps: Sequence[Step]) -> pa.StructArray:
    """The verdict of each document that was dropped, in their order."""
    rules, values, bounds, details = [], [], [], []
    for document in np.flatnonzero(cuts.dropped_by >= 0).tolist():
        step, edited = steps[cuts.dropped_by[document]], cuts.edits[cuts.dropped_by[document]]
        rules.append(rule(step.name))
        values.append(float(edited.words[document]))
        bounds.append(f">= {step.min_words_left}")
        details.append(
            f"{int(edited.words[document])} words left without {int(edited.ranges[document])} {UNITS[step.name]} "
            "that other documents have"
        )
    columns = [[STAGE] * len(rules), rules, values, bounds, details]
    return pa.StructArray.from_arrays(
        [pa.array(column, each.type) for column, each in zip(columns, VERDICT_TYPE, strict=True)],
        fields=list(VERDICT_TYPE),
    )
