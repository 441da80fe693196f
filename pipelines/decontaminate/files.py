"""Benchmark files, local or remote: JSON lines, a JSON list, Parquet, CSV or TSV, plain or compressed, as rows."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.decontaminate.errors import BenchmarkError
from pipelines.decontaminate.rows import Row
from pipelines.read.raw.compression import decompressed
from pipelines.read.raw.source import Source
from pipelines.read.raw.window import Broken

_MAX_RATIO = 1000.0
_COMPRESSED = (".gz", ".zst")


@dataclass(frozen=True)
class BenchmarkFile:
    """A file of benchmark items."""

    uri: str
    name: str
    """The last part of its path."""

    @property
    def stem(self) -> str:
        """Its name without endings: what its benchmark is called where nothing else says it."""
        return self.name.split(".")[0]

    @property
    def ending(self) -> str:
        """The last ending of its name besides that of a compression, in small letters."""
        name = self.name.lower()
        for suffix in _COMPRESSED:
            name = name.removesuffix(suffix)
        return f".{name.rpartition('.')[2]}"


def find_benchmark_files(patterns: list[str]) -> list[BenchmarkFile]:
    """The files that paths and globs name, each once, sorted. Raises BenchmarkError: none, or of an unknown kind."""
    found: set[str] = set()
    for pattern in patterns:
        filesystem, path = fsspec.core.url_to_fs(pattern)
        paths = [path] if filesystem.isfile(path) else [p for p in filesystem.glob(path) if filesystem.isfile(p)]
        if not paths:
            raise BenchmarkError(f"{pattern}: no file is there or matches. Check the path, and quote patterns")
        found.update(map(filesystem.unstrip_protocol, map(str, paths)))
    files = [BenchmarkFile(uri.removeprefix("file://"), uri.rpartition("/")[2]) for uri in sorted(found)]
    for file in files:
        if file.ending not in _READERS:
            raise BenchmarkError(
                f"{file.uri}: cannot tell the format from the name. It should end in {', '.join(_READERS)}, or one of "
                "these with .gz or .zst; narrow the pattern or rename the file"
            )
    return files


def read_rows(file: BenchmarkFile) -> Iterator[tuple[str, Row]]:
    """Every row of a file with what it is called in messages, such as ``row 1``.

    The file is held in memory. Raises BenchmarkError: empty, broken, or not what its name says.
    """
    content = _content(file)
    if not content.strip():
        raise BenchmarkError(f"{file.uri}: the file is empty. Fetch it again, or leave it out")
    yield from _READERS[file.ending](content, file.uri)


def _content(file: BenchmarkFile) -> bytes:
    parts: list[bytes] = []
    with fsspec.open(file.uri, "rb", compression=None) as opened:
        read = decompressed(Source(opened), file.name, _MAX_RATIO)  # pyright: ignore[reportArgumentType]
        try:
            while part := read(1 << 20):
                parts.append(part)
        except Broken as broken:
            raise BenchmarkError(f"{file.uri}: {broken.message}. Fetch the file again") from broken
    return b"".join(parts)


def _json_rows(content: bytes, uri: str) -> Iterator[tuple[str, Row]]:
    if content.lstrip()[:1] == b"[":
        values = _parse(content, uri)
        for number, value in enumerate(values if isinstance(values, list) else [], 1):
            yield f"item {number}", _object(value, f"{uri}, item {number}")
        return
    # Only these end a line of JSON lines; str.splitlines knows more, which texts may hold.
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            place = f"{uri}, line {number}"
            yield f"line {number}", _object(_parse(line, place), place)


def _parse(content: bytes, place: str) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BenchmarkError(f"{place}: no JSON: {error}. Mend or leave out the file") from error


def _object(value: object, place: str) -> Row:
    if not isinstance(value, Mapping):
        raise BenchmarkError(f"{place}: holds a {type(value).__name__}, not an object with fields")
    return value


def _parquet_rows(content: bytes, uri: str) -> Iterator[tuple[str, Row]]:
    try:
        rows = pq.read_table(pa.BufferReader(content)).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise BenchmarkError(f"{uri}: no whole Parquet file: {error}. Fetch the file again") from error
    for number, row in enumerate(rows):
        yield f"row {number}", row


def _table_rows(delimiter: str) -> Callable[[bytes, str], Iterator[tuple[str, Row]]]:
    def rows(content: bytes, uri: str) -> Iterator[tuple[str, Row]]:
        try:
            reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
            for number, row in enumerate(reader, 1):
                if None in row:
                    raise BenchmarkError(f"{uri}, row {number}: has more fields than the first line names")
                yield f"row {number}", {name: value or None for name, value in row.items()}
        except (UnicodeDecodeError, csv.Error) as error:
            raise BenchmarkError(f"{uri}: no table of text in UTF-8: {error}. Mend or leave out the file") from error

    return rows


_READERS: Mapping[str, Callable[[bytes, str], Iterator[tuple[str, Row]]]] = {
    ".jsonl": _json_rows,
    ".ndjson": _json_rows,
    ".json": _json_rows,
    ".parquet": _parquet_rows,
    ".csv": _table_rows(","),
    ".tsv": _table_rows("\t"),
}
