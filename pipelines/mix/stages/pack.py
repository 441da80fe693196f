"""Stage `mix-pack`: documents become sequences, in files numbered in the reading order."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from filters.packing.pieces import Packing
from filters.packing.rows import packed_rows
from filters.packing.window import pack_window
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.setting import PACKED, SPREAD, Part, load_plan
from pipelines.mix.stages.base import MixStep
from pipelines.mix.stages.layout import first_index_key, load_layout
from pipelines.mix.window_rows import read_windows
from schemas.manifest import ConservationError, Counts, InputFile
from schemas.packed_shard import packed_schema


@dataclass
class PackStage(MixStep):
    """Writes one file of packed sequences, or none for a file that the plan has no use for."""

    name: str = "mix-pack"
    takes_values: bool = True

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the windows of a file; memory is bounded by one of them and a row group."""
        part, file = self.setting.part_of(unit)
        expected = load_layout(layout, unit.name).packings[part.packing]
        if not expected.sequences:
            return Result(InputFile(path=f"{SPREAD}/{unit.name}", rows=0, bytes=0), (), Counts())
        schema = packed_schema(self.setting.facts(part), teacher=part.teacher)
        name = layout.data(f"{PACKED}/{part.name}", f"{file:05d}")
        index, tokens = int(values[first_index_key(unit)]), 0
        with ShardWriter(layout.uri(name), name, schema, self.setting.mixture.write) as writer:
            for batch in self._rows(unit, layout, index, schema):
                writer.write(batch)
                writer.end_row_group()
                tokens += sum(batch.column("length").to_pylist())
                progress.add(batch.num_rows, batch.nbytes, batch.num_rows)
        written = only_output(writer)
        if (written.rows, tokens) != (expected.sequences, expected.tokens):
            raise ConservationError(
                f"{name}: {expected.sequences} sequences of {expected.tokens} tokens were laid out, {written.rows} of "
                f"{tokens} written"
            )
        return Result(
            InputFile(path=f"{SPREAD}/{unit.name}", rows=written.rows, bytes=0),
            (written,),
            Counts(input=written.rows, kept=written.rows),
        )

    def _rows(self, unit: Bucket, layout: Layout, index: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The sequences of a file, a row group at a time."""
        setting, plan = self.setting, load_plan(layout)
        part, _ = setting.part_of(unit)
        facts, sources = setting.facts(part), pa.array([name.partition("/")[0] for name in plan.strata], pa.string())
        for window in read_windows(layout, setting, plan, unit):
            lengths = window.lengths + setting.vocabulary.frame.tokens
            packing = pack_window(lengths, window.times, part.packing, part.sequence_length)
            documents = window.documents(sources)
            for some in _row_groups(packing, self._rows_in_group(part)):
                yield packed_rows(documents, some, index, schema, facts)
                index += some.sequences

    def _rows_in_group(self, part: Part) -> int:
        """As many as fill a row group."""
        bytes_of_token = self.setting.vocabulary.bits // 8 * (2 if part.teacher else 1) + (4 if part.teacher else 0)
        return max(1, (self.setting.mixture.write.row_group_mb << 20) // (part.sequence_length * bytes_of_token))


def _row_groups(packing: Packing, rows: int) -> Iterator[Packing]:
    for start in range(0, packing.sequences, rows):
        yield packing.part(start, min(start + rows, packing.sequences))
