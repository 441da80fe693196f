"""From signatures to clusters at scale: time, CPU and memory a document, from one to ten million documents.

    python -m benchmarks.clusters /tmp/clusters --documents 1000000 2000000 5000000 10000000

The stages of deduplication from signatures to components, run by two processes. The folder takes 10 GB for 10 million
documents, given back at the end, but for ``clusters.csv``. Every size is clustered twice, by union-find and by star
rounds (in 512 MB), which must agree.
"""

import argparse
import csv
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.clusters_signatures import BANDS, RECIPE, draw_clusters, shard_rows, write_signatures
from pipelines.dedup.components import write_components
from pipelines.dedup.corpus import Corpus
from pipelines.dedup.outcomes import SCHEMA as OUTCOMES
from pipelines.dedup.setting import IDENTITY, Setting, outcomes_kind
from pipelines.dedup.stages.bands import BandsStage
from pipelines.dedup.stages.candidates import CANDIDATES, CandidatesStage
from pipelines.dedup.stages.components import COMPONENTS, ComponentsStage
from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, Shard, make_buckets
from pipelines.engine.watch.memory import PeakMemory, set_lean_allocation
from pipelines.engine.watch.progress import ProgressLog
from pipelines.read.files import InputFile
from schemas.manifest import Finding
from schemas.recipe.write import WriteSettings

PROCESSES = 2
BUCKET_ROWS = 5_000_000
WARM_UP_DOCUMENTS = 200_000
"""Not reported: meanwhile workers start and load their kernels."""
STAR_ROUNDS_MEMORY = 512 << 20


@dataclass(frozen=True)
class Spent:
    """What a step took."""

    documents: int
    step: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


class Meter:
    """Time, CPU and memory of the whole process tree, step by step."""

    def __init__(self, documents: int) -> None:
        self.documents = documents
        self.steps: list[Spent] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started, cpu = time.monotonic(), cpu_seconds()
        with PeakMemory() as memory:
            yield
        spent = Spent(self.documents, name, time.monotonic() - started, cpu_seconds() - cpu, memory.peak_bytes / 1e6)
        self.steps.append(spent)


def cpu_seconds() -> float:
    """Of this process and its children."""
    this = psutil.Process()
    times = [process.cpu_times() for process in [this, *this.children(recursive=True)]]
    return sum(spent.user + spent.system for spent in times)


def make_setting(documents: int) -> Setting:
    """The stages' setting for so many documents."""
    shards = []
    for number in range(len(shard_rows(documents))):
        name = f"shard-{number:05d}"
        file = InputFile(name, 0, None, None, format="parquet", relative_name=name)
        shards.append(Shard(name, file))
    buckets = 2 * -(-BANDS * documents // (2 * BUCKET_ROWS))
    return Setting(RECIPE, Corpus(tuple(shards)), buckets, WriteSettings())


def write_shard(folder: Path, setting: Setting, number: int) -> None:
    layout = Layout(str(folder))
    write_signatures(folder, number, setting.corpus.signatures_uri(layout, setting.corpus.shards[number]))


def drop_nothing_before(layout: Layout, setting: Setting) -> None:
    """The outcomes of the comparison by identity, which comes first: there are none."""
    for bucket in setting.bucket_names:
        with ExchangeWriter(layout, outcomes_kind(IDENTITY), bucket, OUTCOMES, len(setting.corpus.shards)):
            pass


def run_shard(stage: BandsStage, folder: Path, shard: Shard) -> None:
    stage.process(shard, Layout(str(folder)), {}, ProgressLog(None, stage.name))


def run_bucket(stage: CandidatesStage | ComponentsStage, folder: Path, bucket: Bucket) -> tuple[Finding, ...]:
    return stage.process(bucket, Layout(str(folder)), {}, ProgressLog(None, stage.name)).findings


def measure(folder: Path, documents: int, pool: Executor) -> tuple[Meter, str]:
    """All steps for so many documents, in a folder of their own that is removed."""
    folder = folder / str(documents)
    folder.mkdir(parents=True)
    try:
        return cluster(folder, documents, pool)
    finally:
        shutil.rmtree(folder)


def cluster(folder: Path, documents: int, pool: Executor) -> tuple[Meter, str]:
    """All steps, and what they found."""
    meter, layout, setting = Meter(documents), Layout(str(folder)), make_setting(documents)
    shards = setting.corpus.shards
    drawn = draw_clusters(documents, folder)
    list(pool.map(partial(write_shard, folder, setting), range(len(shards))))
    drop_nothing_before(layout, setting)
    with meter.step("band hashes"):
        list(pool.map(partial(run_shard, BandsStage(setting, ""), folder), shards))
    with meter.step("candidate edges"):
        found = list(pool.map(partial(run_bucket, CandidatesStage(setting, ""), folder), make_buckets(setting.buckets)))
    with meter.step("union-find"):
        run_bucket(ComponentsStage(setting, ""), folder, Bucket(0, 1))
    with meter.step("star rounds"):
        counts = write_components(
            [layout.uri(layout.data(CANDIDATES, bucket)) for bucket in setting.bucket_names],
            shard_rows(documents),
            [layout.uri(layout.data("star-rounds", shard.name)) for shard in shards],
            spill=Path(layout.uri("spill")),
            union_find_nodes=0,
            memory_bytes=STAR_ROUNDS_MEMORY,
        )
    for shard in shards:
        one, other = (pq.read_table(layout.uri(layout.data(kind, shard.name))) for kind in (COMPONENTS, "star-rounds"))
        if not one.equals(other):
            raise AssertionError(f"union-find and star rounds disagree on {shard.name}")
    hot = [example for findings in found for finding in findings for example in finding.examples]
    return meter, (
        f"{documents:,} documents in {len(shards)} shards, {setting.buckets} buckets: drawn {drawn['clusters']:,} "
        f"clusters, the largest of {drawn['largest']:,}, and a hot band of {drawn['hot']:,}; found {counts.edges:,} "
        f"edges, {counts.members:,} documents in {counts.components:,} components, the same by {counts.rounds} star "
        f"rounds; reported as hot: {'; '.join(hot) or 'none'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000_000, 2_000_000, 5_000_000, 10_000_000])
    arguments = parser.parse_args()
    set_lean_allocation()
    console = Console()
    meters = []
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        measure(arguments.folder, WARM_UP_DOCUMENTS, pool)
        for documents in arguments.documents:
            meter, summary = measure(arguments.folder, documents, pool)
            console.print(summary)
            meters.append(meter)
    save(meters, arguments.folder / "clusters.csv")
    for meter in meters:
        console.print(table(meter))
    console.print(plot(meters))


def save(meters: list[Meter], path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["documents", "step", "seconds", "cpu_seconds", "peak_mb"])
        for spent in (spent for meter in meters for spent in meter.steps):
            writer.writerow(
                [
                    spent.documents,
                    spent.step,
                    f"{spent.seconds:.2f}",
                    f"{spent.cpu_seconds:.2f}",
                    f"{spent.peak_mb:.0f}",
                ]
            )


def table(meter: Meter) -> Table:
    result = Table(title=f"{meter.documents:,} documents")
    for column in ("step", "seconds", "CPU s", "µs CPU a document", "peak MB"):
        result.add_column(column, justify="left" if column == "step" else "right")
    for spent in meter.steps:
        microseconds = 1e6 * spent.cpu_seconds / spent.documents
        result.add_row(
            spent.step,
            f"{spent.seconds:.1f}",
            f"{spent.cpu_seconds:.1f}",
            f"{microseconds:.1f}",
            f"{spent.peak_mb:.0f}",
        )
    return result


def plot(meters: list[Meter]) -> str:
    """A bar a size for each step: µs of CPU a document. Flat is equal lengths."""
    lines = ["µs of CPU a document"]
    costs = [[1e6 * spent.cpu_seconds / spent.documents for spent in meter.steps] for meter in meters]
    scale = 60 / max(max(steps) for steps in costs)
    for position, spent in enumerate(meters[0].steps):
        lines.append(spent.step)
        for meter, steps in zip(meters, costs, strict=True):
            lines.append(f"{meter.documents:>12,} {'█' * round(scale * steps[position])} {steps[position]:.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
