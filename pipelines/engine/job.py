"""Runs the phases of a job: what is not done yet, as one Beam pipeline, with progress."""

import logging
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import apache_beam as beam
from rich.console import Console

from pipelines.engine.beam import Job, run_phases
from pipelines.engine.finished import Finished
from pipelines.engine.forks.environment import take_ended_early
from pipelines.engine.outputs.files import remove_leftovers
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Phase
from pipelines.engine.runners import LOCAL, local_runner, pipeline_options
from pipelines.engine.shard import Unit
from pipelines.engine.watch.memory import PeakMemory, set_lean_allocation
from pipelines.engine.watch.progress import ProgressReader
from pipelines.engine.watch.progress_view import ProgressView, Todo
from pipelines.engine.watch.quiet import stderr_to

WORKER_ENDED = (
    "a worker has ended before its work was done: somebody killed it, or the system did because memory was short. "
    "What is finished is kept: run the same command again, with fewer --workers if it was memory"
)


class RunError(Exception):
    """A run ended early; says why and what to do. What was finished is kept."""


@dataclass(frozen=True)
class RunOptions:
    """Where and how wide a pipeline runs."""

    runner: str = LOCAL
    workers: int = 1
    beam_arguments: tuple[str, ...] = ()
    """Options of a remote runner, as on Beam's own command line."""


def run_job(layout: Layout, before: Finished, options: RunOptions, console: Console) -> int:
    """Run what is not done; returns the peak memory of the process tree in bytes (0 where work is remote).

    Raises:
        RunError: a worker gave up: the outputs cannot be written, a model cannot be loaded.
    """
    remove_leftovers(layout.out)
    set_lean_allocation()
    phases = _to_run(before)
    local = options.runner == LOCAL
    workers = min(options.workers, max(len(phase.units) for phase in phases))
    with tempfile.TemporaryDirectory(prefix="orchard-progress-") as folder:
        reader = ProgressReader(Path(folder))
        job = Job(layout, folder if local else None, os.getpid() if local else None)
        pipeline = beam.Pipeline(
            runner=local_runner(workers) if local else None,
            options=pipeline_options(options.runner, workers, options.beam_arguments),
        )
        run_phases(pipeline, phases, job)
        quiet = local and not logging.getLogger().isEnabledFor(logging.INFO)
        with (
            stderr_to(Path(folder) / "workers.log" if quiet else None),
            PeakMemory() as memory,
            ProgressView(reader, _totals(before), console),
        ):
            try:
                pipeline.run().wait_until_finish()
            except Exception as error:
                if isinstance(error.__context__, KeyboardInterrupt):
                    raise KeyboardInterrupt from error  # Ctrl-C in a worker that is this process: Beam renames it
                reader.poll()
                if reader.errors:
                    raise RunError(reader.errors[0]) from error
                if take_ended_early():
                    raise RunError(WORKER_ENDED) from error
                raise
    return memory.peak_bytes if local else 0


def _to_run(before: Finished) -> list[Phase]:
    """The phases with their units; where no phase waits for another, only the units that are not done.

    After a barrier every unit is needed; those that are done pass in no time.
    """
    if len(before.phases) > 1:
        return list(before.phases)
    names = set(before.unfinished)
    return [replace(phase, units=tuple(unit for unit in phase.units if unit.name in names)) for phase in before.phases]


def _totals(before: Finished) -> dict[str, Todo]:
    """What each stage has to do, for the bars."""
    totals = {stage.name: Todo(before.todo(stage.name)) for phase in before.phases for stage in phase.stages}
    first = before.phases[0]
    stage = first.stages[0].name
    unread: list[Unit] = [unit for unit in first.units if unit.name not in before.records[stage]]
    totals[stage] = Todo(len(unread), sum(unit.size for unit in unread))
    return totals
