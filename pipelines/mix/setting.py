"""What all stages of a mixture know."""

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from filters.mixture.plan import window_tokens
from filters.packing.fill import NO_TOKEN, Frame
from filters.packing.window import Method
from pipelines.engine.outputs.files import read_bytes
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, Shard
from schemas.mix_plan import MixPlan
from schemas.packed_shard import PackedFacts
from schemas.recipe.mixture import Mixture
from schemas.token_shard import Bits

PACKED = "packed"
"""The folder of packed shards."""
KEYS, STRATA, SPREAD, LAYOUT = "stages/mix-keys", "stages/mix-strata", "stages/mix-spread", "stages/mix-layout"
PLAN = "stages/mix-plan/plan.json"
MOST_FILES = 4096
"""Of a stage. More would make the exchange write too little at a time; files get larger instead."""

KEY_SCHEMA = pa.schema([
    pa.field("key", pa.uint64(), nullable=False),
    pa.field("stratum", pa.string(), nullable=False),
    pa.field("length", pa.int64(), nullable=False),
])  # fmt: skip
"""A document on the ring of its stratum; ``length`` with the tokens around it."""


@dataclass(frozen=True)
class Part:
    """A stage or a sample: what it makes."""

    name: str
    sequence_length: int
    packing: Method
    teacher: bool
    most_files: int
    """More than it will have, or as many."""
    first_bucket: int
    """Its files are buckets from here on."""


@dataclass(frozen=True)
class Vocabulary:
    """What packing knows of the tokenizer."""

    fingerprint: str
    size: int
    frame: Frame

    @property
    def bits(self) -> Bits:
        """Bits of an id."""
        return 16 if self.size <= 1 << 16 else 32


@dataclass(frozen=True)
class Setting:
    """The recipe, the shards, and how wide the exchanges are."""

    mixture: Mixture
    shards: tuple[Shard, ...]
    vocabulary: Vocabulary
    tokens: int
    """That all shards have, at most, with those around documents."""
    key_buckets: int

    @property
    def shard_names(self) -> list[str]:
        """The names of all shards, in order."""
        return [shard.name for shard in self.shards]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Stages, then samples."""
        found: list[Part] = []
        for name, length, packing, teacher, tokens in self._sizes():
            files = min(MOST_FILES, max(1, -(-tokens // window_tokens(length))))
            first = found[-1].first_bucket + found[-1].most_files if found else 0
            found.append(Part(name, length, packing, teacher, files, first))
        return tuple(found)

    def _sizes(self) -> list[tuple[str, int, Method, bool, int]]:
        """Of each part name, sequence length, packing, whether it has labels of a teacher, and most tokens."""
        sizes: list[tuple[str, int, Method, bool, int]] = []
        for stage in self.mixture.stages:
            most = min(self.mixture.budget(stage), int(self.tokens * max(each.epochs for each in stage.mix.values())))
            sizes.append((stage.name, stage.sequence_length, stage.packing, stage.teacher, most))
        for sample in self.mixture.samples:
            stage = self.mixture.stage(sample.of)
            most = min(self.tokens, self.mixture.budget(stage))
            length = sample.sequence_length or stage.sequence_length
            sizes.append((sample.name, length, stage.packing, stage.teacher, most))
        return sizes

    @property
    def files(self) -> int:
        """Buckets of the exchange of tokens, all parts together."""
        return self.parts[-1].first_bucket + self.parts[-1].most_files

    def part_of(self, bucket: Bucket) -> tuple[Part, int]:
        """The part that a bucket belongs to, and which of its files it is."""
        part = next(part for part in reversed(self.parts) if part.first_bucket <= bucket.number)
        return part, bucket.number - part.first_bucket

    def facts(self, part: Part) -> PackedFacts:
        """What the files of a part say of themselves."""
        frame = self.vocabulary.frame
        return PackedFacts(
            stage=part.name,
            sequence_length=part.sequence_length,
            vocab_size=self.vocabulary.size,
            padding_id=frame.padding,
            begin_id=None if frame.begin == NO_TOKEN else frame.begin,
            end_id=frame.end,
            seed=self.mixture.seed,
            packing=part.packing,
            tokenizer=self.vocabulary.fingerprint,
        )

    def spread_schema(self) -> pa.Schema:
        """A reading of a document on its way to the file where it is packed."""
        ids = pa.uint16() if self.vocabulary.bits == 16 else pa.uint32()
        return pa.schema([
            pa.field("time", pa.uint64(), nullable=False),
            pa.field("key", pa.uint64(), nullable=False),
            pa.field("epoch", pa.int64(), nullable=False),
            pa.field("stratum", pa.int64(), nullable=False),
            pa.field("doc_id", pa.string(), nullable=False),
            pa.field("tokens", pa.large_list(pa.field("element", ids, nullable=False)), nullable=False),
        ])  # fmt: skip


def load_plan(layout: Layout) -> MixPlan:
    """What the stage `mix-plan` has decided."""
    return MixPlan.model_validate_json(read_bytes(layout.uri(PLAN)))
