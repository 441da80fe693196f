"""The whole web pipeline beside a loop over its functions, and beside a peer's run, on the same WARC files.

    python -m benchmarks.web_pipeline --input 'crawl/*.warc.gz'
    python -m benchmarks.web_pipeline --input 'crawl/*.warc.gz' --peer 'venv/bin/python datatrove_web.py DIR OUT 1'

Prints CPU ms a page, by stage and in all, and peak memory of the whole process tree:

- *loop*: reader, page rules, extraction, measures and decision called one after the other in this process, nothing
  written; CPU of this process and of the extracting one apart. Twice: *cold*, when lists, models and libraries are
  still to be loaded and every word is new, and *warm*, the same files once more.
- *engine*: `orchard run --workers 1` on the same files without deduplication: what Beam, shards, Parquet, records and
  start-up add; then with deduplication, if the recipe has it.
- *peer*: any command, measured from outside.
"""

import argparse
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from filters.apply import PreparedStep, measure_steps
from filters.batch import Batch
from filters.decide import decide
from filters.registry import prepare
from pipelines.engine.watch.memory import PeakMemory
from pipelines.extract.page import Extracted, Page
from pipelines.extract.sandbox import ExtractionSandbox
from pipelines.read.files import find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from pipelines.web.stages.decide import filter_rules
from pipelines.web.stages.measure import BLOCK_BYTES
from pipelines.web.stages.page_rules import judge_pages
from schemas.manifest import Manifest
from schemas.recipe.load import load_recipe
from schemas.recipe.model import Recipe


class Clock:
    """CPU seconds of this process by part, and of its children in all."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._last = time.process_time()

    def lap(self, part: str) -> None:
        now = time.process_time()
        self.parts[part] = self.parts.get(part, 0.0) + now - self._last
        self._last = now


def children_cpu() -> float:
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def batches(pages: list[tuple[str, str]]) -> Iterable[list[tuple[str, str]]]:
    block: list[tuple[str, str]] = []
    size = 0
    for page in pages:
        block.append(page)
        size += len(page[1])
        if size > BLOCK_BYTES:
            yield block
            block, size = [], 0
    if block:
        yield block


def run_loop(recipe: Recipe, patterns: list[str]) -> tuple[int, int, dict[str, float], float]:
    """Pages, kept, CPU seconds of this process by part, CPU seconds of extraction."""
    clock = Clock()
    page_steps = [PreparedStep(step, prepare(step)) for step in recipe.pages]
    steps = [PreparedStep(step, prepare(step)) for step in recipe.filters]
    rules = filter_rules(recipe, {})
    clock.lap("load")
    pages = kept = 0
    with ExtractionSandbox(recipe.extract) as sandbox:
        before = children_cpu()
        for file in find_inputs(patterns):
            records = [item for item in read_records(file, recipe.read) if isinstance(item, Record)]
            pages += len(records)
            clock.lap("read, decode")
            judged = list(judge_pages(records, page_steps, measure_all=False))
            clock.lap("page rules")
            wanted = [each.record for each in judged if each.needs_extraction]
            outcomes = sandbox.extract_many(Page(r.content_digest, r.html or "", r.uri) for r in wanted)
            found = list(zip(wanted, outcomes, strict=True))
            texts = [(r.uri, e.text) for r, e in found if isinstance(e, Extracted) and e.text.strip()]
            clock.lap("hand to extraction")
            for block in batches(texts):
                batch = Batch(
                    text=pa.array([text for _, text in block], pa.large_string()),
                    uri=pa.array([uri for uri, _ in block], pa.string()),
                    language=pa.nulls(len(block), pa.string()),
                )
                measured = measure_steps(batch, steps, measure_all=False)
                clock.lap("measure")
                verdicts = decide(measured.signals, rules, measured.details, "filter", len(batch))
                kept += verdicts.null_count
                clock.lap("decide")
        extraction = children_cpu() - before
    return pages, kept, clock.parts, extraction


def run_command(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak bytes of a command with all its descendants."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with PeakMemory(process.pid) as memory:
        code = process.wait()
    if code:
        sys.exit(f"exit code {code}: {shlex.join(command)}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - started, memory.peak_bytes


def show(title: str, pages: int, columns: dict[str, dict[str, float]]) -> None:
    """CPU seconds by part, in one column a run."""
    table = Table("ms CPU a page", *columns, title=title, title_justify="left")
    for part in next(iter(columns.values())):
        table.add_row(part, *(f"{1e3 * parts[part] / pages:.3f}" for parts in columns.values()))
    Console().print(table)


def run_engine(recipe: str, changes: list[str], files: list[str], workers: int) -> tuple[float, float, float, Manifest]:
    """CPU seconds, wall seconds and peak bytes of ``orchard run``, and its manifest."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "run", recipe]
    command += [text for change in changes for text in ("--set", change)]
    with tempfile.TemporaryDirectory() as folder:
        options = ["--input", files[0], "--out", folder, "--workers", str(workers), *files[1:]]
        engine, wall, peak = run_command([*command, *options])
        return engine, wall, peak, Manifest.model_validate_json((Path(folder) / "manifest.json").read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", nargs="+", required=True)
    parser.add_argument("--recipe", default="fineweb")
    parser.add_argument("--set", nargs="*", default=[], dest="changes")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--peer", help="a command that does a comparable job on the same files")
    arguments = parser.parse_args()
    recipe = load_recipe(arguments.recipe, arguments.changes)

    alone = [*arguments.changes, "deduplicate=null"]
    engine, wall, peak, manifest = run_engine(arguments.recipe, alone, arguments.input, arguments.workers)
    columns: dict[str, dict[str, float]] = {}
    for name in ("cold", "warm"):
        pages, kept, parts, extraction = run_loop(recipe, arguments.input)
        own = sum(parts.values())
        columns[name] = {**parts, "all but extraction": own, "extraction": extraction}
    print(f"{pages:,} pages, recipe {recipe.name}: {kept:,} kept by the loop, {manifest.counts.kept:,} by the engine")
    show("loop, one process and its extractor", pages, columns)
    beyond = engine - own - extraction
    show(f"engine, {arguments.workers} worker(s)", pages, {"": {"all": engine, "more than the warm loop": beyond}})
    print(f"  engine / warm loop {engine / (own + extraction):.3f}, {wall:.1f} s, peak memory {peak / 1e9:.2f} GB")
    if recipe.deduplicate is not None:
        engine, wall, peak, _ = run_engine(arguments.recipe, arguments.changes, arguments.input, arguments.workers)
        show("engine, with deduplication", pages, {"": {"all": engine}})
        print(f"  {wall:.1f} s, peak memory {peak / 1e9:.2f} GB")
    if arguments.peer:
        peer, peer_wall, peer_peak = run_command(shlex.split(arguments.peer))
        show("peer", pages, {"": {"all": peer}})
        print(f"  {peer_wall:.1f} s, peak memory {peer_peak / 1e9:.2f} GB; CPU peer / engine {peer / engine:.2f}")


if __name__ == "__main__":
    main()
