"""What all stages of a decontamination know."""

from dataclasses import dataclass
from pathlib import Path

from filters.ngrams.benchmarks import BenchmarkIndex
from filters.ngrams.index_file import IndexFileError, load_index
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, Shard
from schemas.recipe.decontaminate import Decontaminate
from schemas.recipe.write import WriteSettings

HITS = "stages/contamination-hits"
COUNTS = "stages/contamination-counts"
COMMON = "stages/contamination-common"
FLAGGED = "stages/contamination-flagged"
"""Folders of what one stage hands the next."""
ALL = Bucket(0, 1)
"""The unit of stages that look at the whole corpus at once."""


@dataclass(frozen=True)
class Setting:
    """The recipe's section, the index that it names, and the documents."""

    recipe: Decontaminate
    index_fingerprint: str
    shards: tuple[Shard, ...]
    write: WriteSettings
    documents: str | None = None
    """The folder inside the run where the stage before has put the documents; None: they are the inputs."""

    def load_index(self) -> BenchmarkIndex:
        """The index, mapped into memory once a process. Raises IndexFileError where it has changed since the start."""
        index = load_index(Path(self.recipe.index))
        if index.metadata.fingerprint != self.index_fingerprint:
            raise IndexFileError(f"benchmark index {self.recipe.index} has changed during the run; run it again")
        return index

    def documents_uri(self, layout: Layout, shard: Shard) -> str:
        """Where the documents of a shard lie."""
        return shard.input.uri if self.documents is None else layout.uri(layout.data(self.documents, shard.name))
