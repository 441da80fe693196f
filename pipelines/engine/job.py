"""Runs stages over shards: finds what is done, runs the rest as one Beam pipeline, shows progress."""

import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
from rich.console import Console

from pipelines.engine.beam import Job, Summarize, run_stages
from pipelines.engine.outputs.files import remove_leftovers
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.records import finished, load_values, refuse_foreign
from pipelines.engine.runners import LOCAL, local_runner, pipeline_options
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Stage
from pipelines.engine.watch.memory import PeakMemory, set_lean_allocation
from pipelines.engine.watch.progress import ProgressReader
from pipelines.engine.watch.progress_view import ProgressView, Todo
from pipelines.engine.watch.quiet import stderr_to
from schemas.manifest import ShardRecord


class RunError(Exception):
    """A run ended early; says why and what to do. What was finished is kept."""


@dataclass(frozen=True)
class RunOptions:
    """Where and how wide a pipeline runs."""

    runner: str = LOCAL
    workers: int = 1
    beam_arguments: tuple[str, ...] = ()
    """Options of a remote runner, as on Beam's own command line."""


@dataclass(frozen=True)
class Finished:
    """The stages of every shard that are done, by shard name, then by stage name."""

    records: Mapping[str, Mapping[str, ShardRecord]]
    stages: tuple[str, ...]

    @property
    def unfinished(self) -> list[str]:
        """Names of the shards with a stage to do."""
        return [name for name, done in self.records.items() if len(done) < len(self.stages)]

    def todo(self, stage: str) -> int:
        """How many shards this stage has to do."""
        return sum(stage not in done for done in self.records.values())

    def of_stage(self, stage: str) -> list[ShardRecord]:
        """The records of one stage, in the order of the shards' names."""
        return [done[stage] for _, done in sorted(self.records.items()) if stage in done]


def find_finished(layout: Layout, stages: Sequence[Stage], shards: Sequence[Shard]) -> Finished:
    """What is done already. Raises ForeignOutputError if the folder holds shards of other inputs."""
    refuse_foreign(layout, stages, shards)
    values = load_values(layout)
    records = {shard.name: finished(layout, stages, shard, values) for shard in shards}
    return Finished(records, tuple(stage.name for stage in stages))


def run_job(
    layout: Layout,
    stages: Sequence[Stage],
    shards: Sequence[Shard],
    before: Finished,
    *,
    summarize: Summarize | None,
    options: RunOptions,
    console: Console,
) -> int:
    """Run what is not done; returns the peak memory of the process tree in bytes (0 where work is remote).

    Raises:
        RunError: a worker gave up: the outputs cannot be written, a model cannot be loaded.
    """
    remove_leftovers(layout.out)
    set_lean_allocation()
    names = set(before.unfinished)
    # A global result needs every shard; those that are done pass in no time.
    chosen = list(shards) if summarize is not None else [shard for shard in shards if shard.name in names]
    totals = {stage.name: Todo(before.todo(stage.name)) for stage in stages}
    first = stages[0].name
    unread = [shard.input.size for shard in chosen if first not in before.records[shard.name]]
    totals[first] = Todo(len(unread), sum(unread))
    local = options.runner == LOCAL
    with tempfile.TemporaryDirectory(prefix="orchard-progress-") as folder:
        reader = ProgressReader(Path(folder))
        job = Job(layout, folder if local else None, os.getpid() if local else None)
        pipeline = beam.Pipeline(
            runner=local_runner() if local else None,
            options=pipeline_options(options.runner, min(options.workers, len(chosen)), options.beam_arguments),
        )
        run_stages(pipeline, chosen, stages, job, summarize)
        quiet = local and not logging.getLogger().isEnabledFor(logging.INFO)
        with (
            stderr_to(Path(folder) / "workers.log" if quiet else None),
            PeakMemory() as memory,
            ProgressView(reader, totals, console),
        ):
            try:
                pipeline.run().wait_until_finish()
            except Exception as error:
                reader.poll()
                if reader.errors:
                    raise RunError(reader.errors[0]) from error
                raise
    return memory.peak_bytes if local else 0
