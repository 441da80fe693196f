"""The corpus that is deduplicated: the shards of new documents, and those of an earlier corpus that stays as it is."""

from dataclasses import dataclass
from functools import cached_property

from pipelines.engine.outputs.files import join
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard

SIGNATURES = "signatures"
"""The folder of a finished run with the signatures of what it kept: what a later run is compared with."""
NEW_SIGNATURES = "stages/signatures"


@dataclass(frozen=True)
class Corpus:
    """Shards in a fixed order, in which nodes are numbered: new ones first, then those of the earlier corpus."""

    new: tuple[Shard, ...]
    earlier: tuple[Shard, ...] = ()
    """Their input is a file of signatures; documents of the earlier corpus always survive."""
    documents: str | None = None
    """The folder inside the run where the stage before has put the new documents; None: they are the inputs."""

    @property
    def shards(self) -> tuple[Shard, ...]:
        """All shards; the position of one is its number."""
        return self.new + self.earlier

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {shard.name: number for number, shard in enumerate(self.shards)}

    def number(self, shard: Shard) -> int:
        """The position of a shard."""
        return self._numbers[shard.name]

    def is_earlier(self, shard: Shard) -> bool:
        """Whether it is a shard of the earlier corpus."""
        return self.number(shard) >= len(self.new)

    def documents_uri(self, layout: Layout, shard: Shard) -> str:
        """Where the documents of a shard lie."""
        if self.is_earlier(shard):
            folder, _, name = shard.input.uri.rpartition("/")
            return join(folder.removesuffix(f"/{SIGNATURES}"), "kept", name)
        return shard.input.uri if self.documents is None else layout.uri(layout.data(self.documents, shard.name))

    def signatures_uri(self, layout: Layout, shard: Shard) -> str:
        """Where the signatures of a shard lie, a row for each row of its documents."""
        return shard.input.uri if self.is_earlier(shard) else layout.uri(layout.data(NEW_SIGNATURES, shard.name))
