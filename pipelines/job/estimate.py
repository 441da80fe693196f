"""What a run would need: disk and memory, from what is known before it starts."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import psutil
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from rich.console import Console
from rich.table import Table

from filters.minhash.curve import bands_and_rows
from filters.minhash.curve_drawing import draw_curve
from pipelines.job.plan import Plan
from schemas.recipe.model import Recipe

OUTPUT_PER_INPUT: Mapping[str, float] = {"warc": 0.3, "parquet": 2.5, "jsonl": 2.5}
"""Bytes written (all folders) per byte read, by input format; measured on compressed WARC of real pages and on
compressed text files, rounded up."""
DEDUPLICATED = 2.0
"""With deduplication so many times as much: documents are written once more, beside signatures and what is compared."""
DECONTAMINATED = 0.5
"""With decontamination so much more: documents are written once more."""
DRIVER_BYTES = 250 << 20
WORKER_BYTES = 650 << 20
"""Memory of the driver, and of a worker with its extracting process; measured with the FineWeb recipe."""


def print_plan(recipe: Recipe, plan: Plan, workers: int, console: Console) -> bool:
    """Print the plan; returns whether disk and memory suffice (as far as this machine can tell)."""
    console.print(_inputs_table(recipe, plan))
    console.print(_stages_table(plan))
    _print_curve(recipe, console)
    todo = [shard for shard in plan.shards if shard.name in set(plan.done.unfinished)]
    if not todo:
        console.print("nothing to do: every shard is done, by this recipe and code")
        return True
    factor = DEDUPLICATED if recipe.deduplicate else 1.0
    factor += DECONTAMINATED if recipe.decontaminate else 0.0
    disk = int(factor * sum(OUTPUT_PER_INPUT[shard.input.format] * shard.input.size for shard in todo))
    memory = DRIVER_BYTES + WORKER_BYTES * min(workers, len(todo))
    free_disk, free_memory = _free_disk(plan.layout.out), psutil.virtual_memory().available
    ok = memory <= free_memory and (free_disk is None or disk <= free_disk)
    console.print(
        f"disk:   about {_size(disk)} to write, {_size(free_disk) if free_disk is not None else 'unknown'} free"
    )
    console.print(f"memory: about {_size(memory)} with {workers} worker(s), {_size(free_memory)} free")
    if not ok:
        console.print("[red]not enough: free some, use fewer --workers, or another --out[/]")
    return ok


def _inputs_table(recipe: Recipe, plan: Plan) -> Table:
    table = Table(title=f"recipe {recipe.name}: inputs")
    for column in ("format", "files", "bytes"):
        table.add_column(column, justify="left" if column == "format" else "right")
    for kind in sorted({shard.input.format for shard in plan.shards}):
        files = [shard.input for shard in plan.shards if shard.input.format == kind]
        table.add_row(kind, f"{len(files):,}", _size(sum(file.size for file in files)))
    return table


def _stages_table(plan: Plan) -> Table:
    table = Table(title="stages")
    table.add_column("stage")
    table.add_column("shards done", justify="right")
    table.add_column("to do", justify="right")
    for stage in plan.stages:
        todo = plan.done.todo(stage.name)
        table.add_row(stage.name, f"{plan.done.total(stage.name) - todo:,}", f"{todo:,}")
    return table


def _print_curve(recipe: Recipe, console: Console) -> None:
    """What the recipe's MinHash finds."""
    minhash = recipe.deduplicate.minhash if recipe.deduplicate else None
    if minhash is None:
        return
    bands, rows = bands_and_rows(minhash)
    unicode = console.encoding.lower().startswith("utf")
    console.print("near duplicates that deduplicate.minhash finds", style="italic")
    console.print(draw_curve(bands, rows, minhash.min_jaccard, unicode=unicode), highlight=False)


def _free_disk(out: str) -> int | None:
    """Free bytes where the output goes; None on an object store."""
    filesystem, path = url_to_fs(out)
    if not isinstance(filesystem, LocalFileSystem):
        return None
    folder = Path(path)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _size(size: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
