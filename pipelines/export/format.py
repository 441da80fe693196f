"""What a format of exports is: a shard of ours in, files of it out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import pyarrow as pa

from pipelines.engine.outputs.layout import DATA, Layout
from pipelines.engine.outputs.parquet import row_groups, schema_of
from pipelines.engine.watch.progress import ProgressLog
from pipelines.export.tally import Tally
from pipelines.read.files import InputError
from schemas.manifest import OutputFile
from schemas.version import schema_name

Contract = Literal["document", "tokens", "packed"]
"""What can be exported, by the name in the metadata of its files."""
PARTS = "stages/index"
"""The folder of what each shard gives to the index over all of them."""


@dataclass
class ShardSource:
    """A shard to export. What is read of it is counted."""

    uri: str
    progress: ProgressLog
    tally: Tally = field(default_factory=Tally)

    @property
    def schema(self) -> pa.Schema:
        """With the facts of the shard in its metadata."""
        return schema_of(self.uri)

    @property
    def contract(self) -> str | None:
        """`Contract`, or the name of something else, or None."""
        return schema_name(self.schema)

    def batches(self, columns: Mapping[str, Sequence[str]]) -> Iterator[pa.RecordBatch]:
        """Row groups with the columns that the contract of the shard is given, and those that are counted."""
        contract = self.contract or ""
        names = dict.fromkeys([*columns[contract], *self.tally.columns(contract)])
        for batch in self._read(list(names)):
            yield batch
            self.tally.add(contract, batch)
            self.progress.add(batch.num_rows, batch.nbytes, batch.num_rows)

    def _read(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Raises InputError for a damaged file: it must not look as if the output could not be written."""
        try:
            yield from row_groups(self.uri, columns)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{self.uri}: cannot be read: {error}. Make it again, or leave it out") from error


@dataclass(frozen=True)
class Target:
    """Where the files of a shard go."""

    layout: Layout
    shard: str

    def path(self, ending: str, folder: str = DATA) -> str:
        """A file's name, relative to the folder of the export."""
        return f"{folder}/{self.shard}{ending}"

    def uri(self, path: str) -> str:
        """The place of such a file."""
        return self.layout.uri(path)


@dataclass(frozen=True)
class Index:
    """A file over all shards."""

    name: str
    """Relative to the folder of the export."""
    join: Callable[[Sequence[bytes]], bytes]
    """Its content, from what each shard wrote to `PARTS`, in the order of shards."""


class Format(Protocol):
    """Writes shards. Settings only: it is pickled to the workers."""

    @property
    def name(self) -> str:
        """As the user names it."""
        ...

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """What it can be made from."""
        ...

    @property
    def index(self) -> Index | None:
        """The file over all shards, if it has one."""
        ...

    def check(self, contract: Contract) -> None:
        """Raise ExportError if its package is not installed, or a setting is missing or wrong for such shards."""
        ...

    def write(self, source: ShardSource, target: Target) -> tuple[OutputFile, ...]:
        """The files of a shard: always the same bytes, in memory bounded by a row group and a file's index."""
        ...
