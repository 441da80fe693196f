"""One unit through one stage: skip it if it is done, else process it and record what came of it."""

import resource
import sys
import time

import psutil

from pipelines.engine.outputs.files import OutputError
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.records import load_record, outputs_exist, save_record, unit_fingerprint
from pipelines.engine.shard import Unit
from pipelines.engine.stage import AnyStage, Globals, Upstream
from pipelines.engine.watch.progress import ProgressLog
from pipelines.read.files import InputError
from schemas.manifest import ConservationError, ShardRecord


def run_unit(
    stage: AnyStage,
    unit: Unit,
    layout: Layout,
    *,
    values: Globals,
    upstream: Upstream,
    progress: ProgressLog,
) -> ShardRecord:
    """Make sure that the outputs of a unit are there, and return the record that says so.

    Raises:
        OutputError: the outputs cannot be written.
        InputError: an input that must be whole is damaged.
        ConservationError: a bug lost documents; nothing is recorded.
    """
    source = stage.source(unit, upstream)  # pyright: ignore[reportArgumentType] (phases pair units and stages)
    wanted = unit_fingerprint(stage, source, values)
    record = load_record(layout, stage.name, unit.name)
    if record is not None and record.fingerprint == wanted and outputs_exist(layout, record):
        return record
    started, cpu = time.monotonic(), _cpu_seconds()
    try:
        result = stage.process(unit, layout, values, progress)  # pyright: ignore[reportArgumentType]
        record = ShardRecord(
            stage=stage.name,
            shard=unit.name,
            fingerprint=wanted,
            input=result.input,
            outputs=result.outputs,
            counts=result.counts,
            findings=result.findings,
            seconds=time.monotonic() - started,
            cpu_seconds=_cpu_seconds() - cpu,
            peak_memory_bytes=_peak_memory(),
        )
        save_record(layout, record)
    except (OutputError, InputError, ConservationError) as error:
        progress.error(str(error))
        raise
    progress.shard_done()
    return record


def _cpu_seconds() -> float:
    """Of this process and its descendants, those that have ended too."""
    process = psutil.Process()
    return sum(sum(_cpu_times(each)) for each in [process, *process.children(recursive=True)])


def _cpu_times(process: psutil.Process) -> tuple[float, float, float, float]:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended between the listing and the look; its parent has its time
        return 0.0, 0.0, 0.0, 0.0
    return times.user, times.system, times.children_user, times.children_system


def _peak_memory() -> int:
    """Most resident memory of this process so far, in bytes (Linux counts in KiB, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
