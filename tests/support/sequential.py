"""Runs a plan unit after unit in this process: what Beam does with several workers, without its second of start-up."""

import io
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from pipelines.engine.finished import find_finished
from pipelines.engine.job import RunOptions
from pipelines.engine.outputs.files import remove
from pipelines.engine.phase import add_digests, record_digest
from pipelines.engine.run_unit import run_unit
from pipelines.engine.shard import Unit
from pipelines.engine.stage import Upstream
from pipelines.engine.watch.progress import ProgressLog
from pipelines.job.plan import Plan
from pipelines.job.run import run_plan
from schemas.manifest import Manifest, ShardRecord


def run_sequentially(plan: Plan) -> Manifest:
    """The manifest of a run whose phases give no values to one another. Raises what a stage raises."""
    remove(plan.layout.uri(plan.layout.manifest("run")))
    digest, before, units = "", dict[str, ShardRecord](), tuple[Unit, ...]()
    for phase in plan.phases:
        assert phase.summarize is None
        before = before if phase.units == units else {}
        last = dict[str, ShardRecord]()
        for unit in phase.units:
            upstream = Upstream(before.get(unit.name), digest)
            for stage in phase.stages:
                progress = ProgressLog(None, stage.name)
                last[unit.name] = run_unit(
                    stage,  # pyright: ignore[reportArgumentType] (phases pair stages with units of their kind)
                    unit,
                    plan.layout,
                    values={},
                    upstream=upstream,
                    progress=progress,
                )
                upstream = Upstream(last[unit.name])
        digest, before, units = add_digests(map(record_digest, last.values())), last, phase.units
    done = find_finished(plan.layout, plan.phases)
    assert not done.unfinished
    return run_plan(replace(plan, done=done), RunOptions(), Console(file=io.StringIO()), datetime.now(UTC))
