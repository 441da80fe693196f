"""Units of a stage that waits go on side by side, and an error of one ends the run."""

import threading
from dataclasses import dataclass

import pytest
from rich.console import Console

from pipelines.engine.finished import find_finished
from pipelines.engine.in_folder import in_folder
from pipelines.engine.job import RunError, RunOptions, run_job
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Bucket, make_buckets
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile

MET = threading.Barrier(3)


@dataclass
class Meeting:
    """Its units wait for each other: one after the other they would wait for ever."""

    fails: bool = False
    name: str = "meeting"
    fingerprint: str = "1"
    takes_values: bool = False
    units_at_once: int = 3

    def source(self, unit: Bucket, upstream: Upstream) -> Source:
        return Source(unit.name, 0, unit.name)

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        MET.wait(30)
        if self.fails and unit.number == 1:
            progress.error("the second one fails")
            raise ValueError("the second one fails")
        return Result(InputFile(path=unit.name, rows=1, bytes=0), (), Counts(input=1, kept=1))


def run(folder: str, stage: Meeting, units: int) -> list[str]:
    layout, phases = Layout(folder), (Phase((stage,), tuple(make_buckets(units))),)
    run_job(layout, find_finished(layout, phases), RunOptions(), Console(quiet=True))
    return sorted(find_finished(layout, phases).records[stage.name])


def test_units_go_on_side_by_side(tmp_path):
    assert run(str(tmp_path), Meeting(), 6) == [f"bucket-{number}" for number in range(6)]


def test_the_error_of_one_ends_the_run(tmp_path):
    with pytest.raises(RunError, match="the second one fails"):
        run(str(tmp_path), Meeting(fails=True), 3)


class Interrupted(Meeting):
    """Ctrl-C while it works."""

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        raise KeyboardInterrupt


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_interruption_stays_one(tmp_path, at_once):
    with pytest.raises(KeyboardInterrupt):
        run(str(tmp_path), Interrupted(units_at_once=at_once), 3)


def test_a_chain_in_a_folder_has_names_of_its_own(tmp_path):
    (phase,) = in_folder((Phase((Meeting(),), tuple(make_buckets(3))),), "stages/first")
    assert [stage.name for stage in phase.stages] == ["first-meeting"]
