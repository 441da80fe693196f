"""What a stage did: its inputs, outputs and counts, which must add up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Self

import xxhash
from pydantic import Field, JsonValue, NonNegativeFloat, NonNegativeInt, model_validator

from schemas.strict import StrictModel
from schemas.version import SCHEMA_VERSION

Tally = Mapping[str, NonNegativeInt]
"""How many, by a name."""


class ConservationError(Exception):
    """Documents were lost or made up: the counts of a stage do not add up. Names the stage and the numbers."""


class Counts(StrictModel):
    """Where the records went: ``input = kept + dropped + dead letters + skipped``."""

    input: NonNegativeInt = 0
    """Records that entered."""
    kept: NonNegativeInt = 0
    """Documents that passed every rule."""
    dropped: Tally = Field(default_factory=dict)
    """Documents dropped, by the code of the rule."""
    dead_letters: Tally = Field(default_factory=dict)
    """Records that could not be processed, by class of error."""
    skipped: Tally = Field(default_factory=dict)
    """Records that are no documents (requests, images), by reason; nothing is written of them."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            input=self.input + other.input,
            kept=self.kept + other.kept,
            dropped=_added(self.dropped, other.dropped),
            dead_letters=_added(self.dead_letters, other.dead_letters),
            skipped=_added(self.skipped, other.skipped),
        )

    def check(self, stage: str) -> None:
        """Raise ConservationError unless everything that entered ``stage`` is accounted for."""
        dropped, dead, skipped = (sum(tally.values()) for tally in (self.dropped, self.dead_letters, self.skipped))
        if self.input != self.kept + dropped + dead + skipped:
            raise ConservationError(
                f"stage {stage}: {self.input} records in, but {self.kept} kept + {dropped} dropped + "
                f"{dead} dead letters + {skipped} skipped = {self.kept + dropped + dead + skipped}"
            )


class InputFile(StrictModel):
    """A file, or a range of its records, that a stage read."""

    path: str
    rows: NonNegativeInt
    """Records read from it."""
    bytes: NonNegativeInt
    """Its size."""
    modified_at: datetime | None = None
    """When it was last changed, UTC; null where its store does not say."""
    digest: str | None = None
    """Hex of xxh3-128 over its bytes; null if it was not read whole."""


class OutputFile(StrictModel):
    """A file that a stage wrote."""

    path: str
    """Relative to the run's folder: ``kept/web-00.parquet``."""
    rows: NonNegativeInt
    bytes: NonNegativeInt
    digest: str
    """Hex of xxh3-128 over its bytes."""

    @property
    def kind(self) -> str:
        """The folder that it lies in: ``kept``, ``dropped``, ``dead-letters``, or what else a stage makes."""
        return self.path.rpartition("/")[0]


EXAMPLES = 3
"""Examples that a finding keeps."""


def choose_examples(texts: Iterable[str]) -> tuple[str, ...]:
    """Those whose hashes are smallest: chosen from parts and then from what they chose, they are the same ones."""
    distinct = {(xxhash.xxh3_64_intdigest(text.encode(errors="surrogatepass")), text) for text in texts}
    return tuple(text for _, text in nsmallest(EXAMPLES, distinct))


class Finding(StrictModel):
    """Something that a stage has to say beside its counts: a number, what it means, and a few examples."""

    name: str
    """A stable name, such as ``minhash.verified_pairs``."""
    count: NonNegativeInt
    meaning: str
    """A sentence for a person: what was counted, and what follows from it."""
    whole: NonNegativeInt | None = None
    """What it is a part of, where it is: ``count / whole`` is its share."""
    examples: tuple[str, ...] = Field(default=(), max_length=EXAMPLES)
    """Some of what was counted: the same ones, however the work was divided."""
    is_warning: bool = False
    """Something is likely wrong with the run; it is shown in red at the end, unless the count is 0."""

    @classmethod
    def of(
        cls,
        name: str,
        count: int,
        meaning: str,
        examples: Iterable[str] = (),
        *,
        whole: int | None = None,
        is_warning: bool = False,
    ) -> Self:
        """With a few of the examples given."""
        return cls(
            name=name,
            count=count,
            meaning=meaning,
            whole=whole,
            examples=choose_examples(examples),
            is_warning=is_warning,
        )


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of all units by name: counts added, examples chosen anew."""
    by_name: dict[str, list[Finding]] = {}
    for finding in findings:
        by_name.setdefault(finding.name, []).append(finding)
    return tuple(
        Finding.of(
            name,
            sum(part.count for part in parts),
            parts[0].meaning,
            (example for part in parts for example in part.examples),
            whole=None if parts[0].whole is None else sum(part.whole or 0 for part in parts),
            is_warning=parts[0].is_warning,
        )
        for name, parts in sorted(by_name.items())
    )


class ShardRecord(StrictModel):
    """What one shard of one stage reports; manifests are summed from these."""

    stage: str
    shard: str
    """Name of the shard, from which its files are named."""
    fingerprint: str
    """Of the input, the part of the recipe that matters and the code: with the same one, the shard is not run again."""
    input: InputFile
    outputs: tuple[OutputFile, ...]
    counts: Counts
    findings: tuple[Finding, ...] = ()
    seconds: NonNegativeFloat
    """Time that it took, wall clock."""
    cpu_seconds: NonNegativeFloat = 0.0
    """Processor time, with child processes."""
    peak_memory_bytes: NonNegativeInt
    """Most memory of its worker process so far."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _check_sums(f"{self.stage}, shard {self.shard}", self.counts, self.outputs)
        return self


class EngineRecord(StrictModel):
    """A program that the result depends on, such as the extraction engine."""

    name: str
    version: str


class Timings(StrictModel):
    """When it ran, and for how long."""

    started_at: datetime
    finished_at: datetime
    shard_seconds: NonNegativeFloat = 0.0
    """Sum over shards, wall clock: with workers side by side more than the time between start and finish."""
    cpu_seconds: NonNegativeFloat = 0.0
    """Sum over shards, processor time."""


class RunFacts(StrictModel):
    """What all manifests of a run have in common."""

    recipe: Mapping[str, JsonValue]
    """The whole recipe, with defaults filled in."""
    recipe_fingerprint: str
    code_version: str
    """Version of Orchard, with the commit where it is known."""
    environment: Mapping[str, str]
    """Python, platform and the version of each library that the result depends on."""
    engines: tuple[EngineRecord, ...] = ()
    """Extraction engine and others that the result depends on."""
    seeds: Mapping[str, int] = {}
    """Each seed by what it is for."""
    runner: str = "FnApiRunner"
    """The Beam runner."""


class Manifest(RunFacts):
    """The account of one stage, or of a whole run (``stage: run``). Sums that do not add up cannot be written."""

    schema_versions: Mapping[str, str] = {"manifest": SCHEMA_VERSION}
    """Version of each contract used."""
    stage: str
    fingerprint: str
    """With the same one, the stage is done."""
    inputs: tuple[InputFile, ...]
    outputs: tuple[OutputFile, ...]
    counts: Counts
    findings: tuple[Finding, ...] = ()
    """What a reader should know beside the counts."""
    shards: NonNegativeInt = 0
    """How many shards it was summed from."""
    timings: Timings
    peak_memory_bytes: NonNegativeInt

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _check_sums(self.stage, self.counts, self.outputs)
        return self

    @classmethod
    def of_shards(
        cls,
        stage: str,
        stage_fingerprint: str,
        shards: Sequence[ShardRecord],
        *,
        facts: RunFacts,
        started_at: datetime,
        finished_at: datetime,
    ) -> Self:
        """The manifest of a stage, summed from its shards; the order of the shards does not matter.

        Raises ConservationError if the sums do not add up.
        """
        ordered = sorted(shards, key=lambda record: record.shard)
        return cls(
            **dict(facts),
            stage=stage,
            fingerprint=stage_fingerprint,
            inputs=tuple(record.input for record in ordered),
            outputs=tuple(output for record in ordered for output in record.outputs),
            counts=sum((record.counts for record in ordered), Counts()),
            findings=merged(finding for record in ordered for finding in record.findings),
            shards=len(ordered),
            timings=Timings(
                started_at=started_at,
                finished_at=finished_at,
                shard_seconds=sum(record.seconds for record in ordered),
                cpu_seconds=sum(record.cpu_seconds for record in ordered),
            ),
            peak_memory_bytes=max((record.peak_memory_bytes for record in ordered), default=0),
        )


def _added(first: Tally, second: Tally) -> Tally:
    """Both tallies together, in the order of their names."""
    return dict(sorted((Counter(first) + Counter(second)).items()))


def _check_sums(stage: str, counts: Counts, outputs: Sequence[OutputFile]) -> None:
    """Raise ConservationError unless the counts add up, and the rows of the outputs are what was counted."""
    counts.check(stage)
    expected = {
        "kept": counts.kept,
        "dropped": sum(counts.dropped.values()),
        "dead-letters": sum(counts.dead_letters.values()),
    }
    written = Counter[str]()
    for output in outputs:
        written[output.kind] += output.rows
    for kind in expected.keys() & written.keys():  # a stage may write none of them, such as signatures
        count = expected[kind]
        if written[kind] != count:
            raise ConservationError(
                f"stage {stage}: {count} {kind} counted, but {written[kind]} rows of {kind} written"
            )
