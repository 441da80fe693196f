"""What of a run is done already, found from the records that earlier runs have left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.records import load_record, load_values, outputs_exist, refuse_foreign, unit_fingerprint
from pipelines.engine.phase import Phase, add_digests, record_digest
from pipelines.engine.shard import Unit
from pipelines.engine.stage import Globals, Upstream
from schemas.manifest import ShardRecord

Records = dict[str, dict[str, ShardRecord]]
"""Records by the name of the stage, then by the name of the unit."""


@dataclass(frozen=True)
class Finished:
    """The units that are done, stage by stage."""

    phases: tuple[Phase, ...]
    records: Mapping[str, Mapping[str, ShardRecord]]
    """By the name of the stage, then by the name of the unit."""

    @property
    def unfinished(self) -> list[str]:
        """Names of the units with a stage to do, each once."""
        names = [
            unit.name
            for phase in self.phases
            for unit in phase.units
            if any(unit.name not in self.records[stage.name] for stage in phase.stages)
        ]
        return list(dict.fromkeys(names))

    def total(self, stage: str) -> int:
        """How many units pass a stage."""
        return next(len(phase.units) for phase in self.phases for each in phase.stages if each.name == stage)

    def todo(self, stage: str) -> int:
        """How many units this stage has to do."""
        return self.total(stage) - len(self.records[stage])

    def of_stage(self, stage: str) -> list[ShardRecord]:
        """The records of one stage, in the order of the units' names."""
        return [record for _, record in sorted(self.records[stage].items())]


def find_finished(layout: Layout, phases: Sequence[Phase]) -> Finished:
    """What is done already.

    A stage of a unit is done if its record has today's fingerprint and its outputs exist; those in ``stages/`` may be
    missing once the last stage is done, since intermediate files may be deleted to save room.

    Raises ForeignOutputError if the folder holds shards of other inputs.
    """
    for phase in phases:
        refuse_foreign(layout, phase.stages, phase.units)
    current = _current(layout, phases, load_values(layout))
    last = phases[-1].stages[-1].name
    done = len(current[last]) == len(phases[-1].units) and all(
        outputs_exist(layout, record, only_final=True) for records in current.values() for record in records.values()
    )
    if not done:
        current = {
            stage: {name: record for name, record in records.items() if outputs_exist(layout, record)}
            for stage, records in current.items()
        }
    return Finished(tuple(phases), current)


def _current(layout: Layout, phases: Sequence[Phase], values: Globals) -> Records:
    """The records with today's fingerprints, up to the first phase that is not done in all its units."""
    found: Records = {stage.name: {} for phase in phases for stage in phase.stages}
    digest, before = "", dict[str, ShardRecord]()
    units: tuple[Unit, ...] = ()
    for phase in phases:
        before = before if phase.units == units else {}  # other units come anew, as in `run_phases`
        last: dict[str, ShardRecord] = {}
        for unit in phase.units:
            chain = _chain(layout, phase, unit, Upstream(before.get(unit.name), digest), values)
            for record in chain:
                found[record.stage][unit.name] = record
            if len(chain) == len(phase.stages):
                last[unit.name] = chain[-1]
        if len(last) < len(phase.units):
            break
        digest, before = add_digests(map(record_digest, last.values())), last
        units = phase.units
    return found


def _chain(layout: Layout, phase: Phase, unit: Unit, upstream: Upstream, values: Globals) -> list[ShardRecord]:
    """The records of a unit's stages in turn, up to the first that is not current."""
    chain: list[ShardRecord] = []
    for stage in phase.stages:
        record = load_record(layout, stage.name, unit.name)
        if record is None:
            break
        source = stage.source(unit, upstream)  # pyright: ignore[reportArgumentType] (phases pair units and stages)
        if record.fingerprint != unit_fingerprint(stage, source, values):
            break
        chain.append(record)
        upstream = Upstream(record)
    return chain
