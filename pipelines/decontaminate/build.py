"""From benchmark files to the file of an index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from filters.ngrams.benchmarks import BenchmarkIndex, Key, index_items
from filters.ngrams.index_file import serialise
from pipelines.decontaminate.errors import BenchmarkError
from pipelines.decontaminate.files import BenchmarkFile, find_benchmark_files, read_rows
from pipelines.decontaminate.rows import row_to_item
from pipelines.engine.outputs.files import write_bytes
from schemas.benchmark import BenchmarkColumns, BenchmarkItem, IndexSettings

Report = Callable[[str], None]
"""Takes in what is being done now."""


@dataclass(frozen=True)
class BenchmarkSource:
    """The files of benchmarks, and what they do not say themselves."""

    patterns: list[str]
    columns: BenchmarkColumns = field(default_factory=BenchmarkColumns)
    names: Mapping[str, str] = field(default_factory=dict)
    """Suite, subtask, split, revision of all rows that do not give their own."""


def read_benchmarks(source: BenchmarkSource, report: Report) -> tuple[list[BenchmarkItem], dict[Key, set[str]]]:
    """All items, and the names of the files that each benchmark comes from.

    Raises BenchmarkError where a file or row cannot be read: an item that is left out silently would be found nowhere.
    """
    items: list[BenchmarkItem] = []
    files: dict[Key, set[str]] = {}
    found = find_benchmark_files(source.patterns)
    for number, file in enumerate(found, 1):
        report(f"reading file {number} of {len(found)}: {file.name}")
        for item in _items(file, source):
            items.append(item)
            files.setdefault((item.suite, item.subtask, item.split, item.revision), set()).add(file.name)
    return items, files


def build_index_file(source: BenchmarkSource, out: Path, settings: IndexSettings, report: Report) -> BenchmarkIndex:
    """Read the benchmarks, index their n-grams and write the file: the same bytes for the same items in any order.

    Raises BenchmarkError, and OutputError where ``out`` cannot be written; nothing is written then.
    """
    if out.is_dir():
        raise BenchmarkError(
            f"{out} is a folder; --out names the file of the index, such as {out / 'benchmarks.index'}"
        )
    items, files = read_benchmarks(source, report)
    report(f"indexing {len(items):,} items")
    index, content = serialise(index_items(items, settings, {key: sorted(names) for key, names in files.items()}))
    write_bytes(str(out.absolute()), content.to_pybytes())
    return index


def _items(file: BenchmarkFile, source: BenchmarkSource) -> list[BenchmarkItem]:
    items = [
        row_to_item(
            row,
            f"{file.uri}, {row_name}",
            source.columns,
            {"suite": file.stem, "item_id": row_name, **source.names},
        )
        for row_name, row in read_rows(file)
    ]
    if not items:
        raise BenchmarkError(f"{file.uri}: the file holds no rows. Fetch it again, or leave it out")
    return items
