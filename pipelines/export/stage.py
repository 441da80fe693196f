"""Stages `export-FORMAT`: shards in the format of a trainer; and what is over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.engine.outputs.files import atomic_output, read_bytes
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source
from pipelines.engine.watch.progress import ProgressLog
from pipelines.export.format import PARTS, Format, Index, ShardSource, Target
from schemas.manifest import Counts, InputFile, OutputFile


@dataclass
class ExportStage:
    """Writes shard by shard; the files of one need nothing of the others."""

    format: Format
    fingerprint: str
    name: str
    """With that of the format, so that another one in the same folder is noticed."""
    takes_values: bool = False

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The input file."""
        return input_source(unit)

    def open(self) -> None:
        """Nothing to load."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the shard once; memory as the format says."""
        source = ShardSource(unit.input.uri, progress)
        outputs = self.format.write(source, Target(layout, unit.name))
        rows = source.tally.rows
        return Result(
            InputFile(path=unit.input.uri, rows=rows, bytes=unit.input.size, modified_at=unit.input.modified_at),
            outputs,
            Counts(input=rows, kept=rows),
            tuple(source.tally.findings()),
        )

    def close(self) -> None:
        """Nothing runs beside."""


@dataclass
class IndexStage:
    """Writes the file over all shards."""

    index: Index
    shards: Sequence[Shard]
    fingerprint: str
    name: str = "export-index"
    takes_values: bool = False

    def source(self, unit: Bucket, upstream: Upstream) -> Source:
        """The parts of all shards."""
        return Source(PARTS, 0, upstream.digest)

    def open(self) -> None:
        """Nothing to load."""

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Join the parts; memory is the index itself."""
        parts = [read_bytes(layout.uri(f"{PARTS}/{shard.name}.json")) for shard in self.shards]
        with atomic_output(layout.uri(self.index.name)) as file:
            file.write(self.index.join(parts))
        progress.add(len(parts), file.bytes, len(parts))
        return Result(
            InputFile(path=PARTS, rows=len(parts), bytes=sum(map(len, parts))),
            (OutputFile(path=self.index.name, rows=0, bytes=file.bytes, digest=file.hexdigest()),),
            Counts(input=len(parts), kept=len(parts)),
        )

    def close(self) -> None:
        """Nothing runs beside."""
