"""Stage `mix-spread`: every reading of a document goes to the file that it is read from: the global shuffle."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.mixture.keys import Integers, Keys, order_keys
from filters.mixture.order import reading_times, windows
from filters.mixture.plan import arc_of
from filters.mixture.ring import Arc, Documents
from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.setting import SPREAD, load_plan
from pipelines.mix.stages.base import MixStep
from pipelines.mix.token_rows import TokenRows, token_rows
from schemas.manifest import Counts, InputFile
from schemas.mix_plan import MixPlan, PlannedPart


@dataclass(frozen=True)
class _Readings:
    """Some documents, each read once by one part."""

    rows: Integers
    times: Keys
    epochs: Integers


@dataclass
class SpreadStage(MixStep):
    """Moves tokens through the exchange, once for each reading."""

    name: str = "mix-spread"

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by some row groups and the exchange's buffer."""
        setting, plan = self.setting, load_plan(layout)
        schema = setting.spread_schema()
        chosen = documents = empty = 0
        with ExchangeWriter(layout, SPREAD, unit.name, schema, setting.files) as writer:
            for found in token_rows(unit.input.uri, setting.mixture.seed, ("tokens",)):
                is_chosen = np.zeros(len(found.keys), np.bool_)
                documents_of = Documents(found.keys, found.lengths + setting.vocabulary.frame.tokens)
                strata = pc.index_in(found.stratum, pa.array(plan.strata, pa.string())).to_numpy()
                for number, part in enumerate(plan.parts):
                    first = setting.parts[number].first_bucket
                    for readings in _readings(plan, part, documents_of, strata, setting.mixture.seed):
                        is_chosen[readings.rows] = True
                        files = windows(readings.times, part.windows) // (part.windows // part.files)
                        batch = _batch(found, readings, strata, schema)
                        writer.write(batch, (first + files).astype(np.uint64))
                chosen, documents = chosen + int(is_chosen.sum()), documents + len(found.keys)
                empty += found.empty
                progress.add(len(found.keys), found.rows.nbytes, int(is_chosen.sum()))
        skipped = {"no tokens": empty, "not chosen": documents - chosen}
        return Result(
            InputFile(path=unit.input.uri, rows=documents + empty, bytes=unit.input.size),
            (only_output(writer),),
            Counts(
                input=documents + empty, kept=chosen, skipped={name: count for name, count in skipped.items() if count}
            ),
        )


def _readings(
    plan: MixPlan, part: PlannedPart, documents: Documents, strata: Integers, seed: int
) -> Iterator[_Readings]:
    """The readings of documents by a part, each time over a stratum by itself."""
    for source in part.sources:
        for read in source.strata:
            rows = np.flatnonzero(strata == plan.strata.index(read.stratum))
            own = Documents(documents.keys[rows], documents.lengths[rows])
            arc = arc_of(read)
            before, copies = _read_before(plan, part, read.stratum, own), arc.copies(own)
            for copy in range(arc.turns + 1):
                again = copies > copy
                if again.any():
                    numbers = np.full(int(again.sum()), copy)
                    chances = order_keys(own.keys[again], numbers, part.name, seed)
                    yield _Readings(rows[again], reading_times(chances, numbers, arc), before[again] + copy)


def _read_before(plan: MixPlan, part: PlannedPart, stratum: str, documents: Documents) -> Integers:
    """int64: how often the stages before a stage have read documents; 0 for samples, which stand beside."""
    before = np.zeros(len(documents.keys), np.int64)
    if part.sample_of is None:
        for earlier in plan.parts[: plan.parts.index(part)]:
            for arc in _arcs(earlier, stratum):
                before += arc.copies(documents)
    return before


def _arcs(part: PlannedPart, stratum: str) -> Iterator[Arc]:
    for source in part.sources:
        yield from (arc_of(read) for read in source.strata if read.stratum == stratum)


def _batch(found: TokenRows, readings: _Readings, strata: Integers, schema: pa.Schema) -> pa.RecordBatch:
    rows = found.rows.take(pa.array(readings.rows))
    columns = [
        pa.array(readings.times),
        pa.array(found.keys[readings.rows]),
        pa.array(readings.epochs),
        pa.array(strata[readings.rows].astype(np.int64)),
        rows.column("doc_id"),
        rows.column("tokens").cast(schema.field("tokens").type),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
