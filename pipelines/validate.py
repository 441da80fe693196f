"""Validates folders and files: opens them, and lets `schemas.validate*` judge what is inside."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, cast

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash
from fsspec import AbstractFileSystem

from pipelines.engine.outputs.layout import DATA
from pipelines.read.raw.stream import decompressed_stream
from pipelines.read.raw.window import Broken
from schemas.manifest import Manifest
from schemas.packed_shard import NAME as PACKED_CONTRACT
from schemas.recipe.read import ReadSettings
from schemas.validation.inputs import validate_jsonl_input, validate_parquet_input
from schemas.validation.outputs import Checked, validate_table
from schemas.validation.packed import validate_packed
from schemas.validation.runs import (
    KINDS,
    FoundFile,
    compare_file,
    compare_names,
    compare_sums,
    kinds_of,
    read_manifest,
)
from schemas.validation.violation import Violation, ViolationError
from schemas.version import schema_name

MANIFEST = "manifest.json"
PACKED = "packed/"
"""The folder of training sequences in the run of a mixture."""
JSONL_ENDINGS = tuple(kind + codec for kind in (".jsonl", ".ndjson", ".json") for codec in ("", ".gz", ".zst"))
BUFFER_BYTES = 1 << 20


@dataclass(frozen=True)
class Passed:
    """A file that is right."""

    file: str
    summary: str


@dataclass(frozen=True)
class Folder:
    """A folder on any filesystem."""

    filesystem: AbstractFileSystem
    path: str

    def join(self, name: str) -> str:
        """The path of something inside it."""
        return f"{self.path}/{name}"

    def files(self, below: str = "") -> list[str]:
        """Names, relative to the folder, of all files in it or in a part of it; not hidden ones; sorted."""
        top = self.join(below) if below else self.path
        found = cast(list[str], self.filesystem.find(top))
        names = [path.removeprefix(f"{self.path}/") for path in found]
        return sorted(name for name in names if not name.rsplit("/", 1)[-1].startswith((".", "_")))


def validate_path(path: str, text_columns: Sequence[str] = ()) -> Iterator[Passed | Violation]:
    """Check a run's folder, a folder of files, or one file: one result a file, the first violation of each.

    ``text_columns`` names where foreign input has its text; empty: the names that a recipe looks for by default.
    """
    columns = text_columns or ReadSettings().columns.text
    filesystem, found = fsspec.core.url_to_fs(path)
    found = found.rstrip("/")
    if found.endswith(f"/{MANIFEST}"):
        found = found.removesuffix(f"/{MANIFEST}")
    if filesystem.isdir(found):
        folder = Folder(filesystem, found)
        yield from _validate_run(folder) if _is_run(folder) else _validate_files(folder, columns)
    elif filesystem.isfile(found):
        yield _validate_file(filesystem, found, columns)
    else:
        yield Violation(path, "no such file or folder")


def _is_run(folder: Folder) -> bool:
    return any(folder.filesystem.exists(folder.join(name)) for name in (MANIFEST, *KINDS))


def _validate_files(folder: Folder, text_columns: Sequence[str]) -> Iterator[Passed | Violation]:
    """A folder that is no run: every Parquet and JSONL file in it."""
    names = [name for name in folder.files() if name.endswith((".parquet", *JSONL_ENDINGS))]
    if not names:
        yield Violation(folder.path, f"holds no {MANIFEST}, .parquet or .jsonl file")
    for name in names:
        yield _validate_file(folder.filesystem, folder.join(name), text_columns)


def _validate_file(filesystem: AbstractFileSystem, path: str, text_columns: Sequence[str]) -> Passed | Violation:
    """One file: by its contract if it names one, as foreign input otherwise."""
    try:
        if path.endswith(".parquet"):
            return _validate_parquet(filesystem, path, text_columns)
        if path.endswith(JSONL_ENDINGS):
            with ExitStack() as stack:
                file, settings = stack.enter_context(_open(filesystem, path)), ReadSettings()
                lines = decompressed_stream(file, path, settings.max_decompression_ratio)
                rows = validate_jsonl_input(path, lines, text_columns, settings.max_record_bytes)
            return Passed(path, f"input, {rows:,} rows")
    except ViolationError as error:
        return error.violation
    except (pa.ArrowException, OSError, Broken) as error:
        return Violation(path, f"cannot be read: {error}")
    return Violation(path, f"is not of a kind that can be checked: .parquet, {', '.join(JSONL_ENDINGS)}")


def _validate_parquet(filesystem: AbstractFileSystem, path: str, text_columns: Sequence[str]) -> Passed:
    with _open(filesystem, path) as file, _parquet(file) as parquet:
        if schema_name(parquet.schema_arrow) is None:
            rows = validate_parquet_input(path, parquet, text_columns)
            return Passed(path, f"input, {rows:,} rows")
        packed = schema_name(parquet.schema_arrow) == PACKED_CONTRACT
        checked = validate_packed(path, parquet) if packed else validate_table(path, parquet)
    return Passed(path, f"{checked.contract}, {checked.rows:,} rows")


@dataclass
class _Run:
    """What has been seen of a run's files so far."""

    found: dict[str, FoundFile] = field(default_factory=dict)
    schemas: dict[str, pa.Schema] = field(default_factory=dict)
    """Of the first file of each contract: the others must have the same, or no tool reads them together."""


def _validate_run(folder: Folder) -> Iterator[Passed | Violation]:
    """A run's folder: its manifests, every file against its contract and the manifest, and the sums."""
    manifests = [name for name in folder.files() if name.rsplit("/", 1)[-1] == MANIFEST]
    if MANIFEST not in manifests:
        yield Violation(folder.path, f"has no {MANIFEST}: the run has not ended; run the same command again")
    for name in manifests:
        result = _read_manifest(folder, name)
        if isinstance(result, Violation):
            yield result
            continue
        yield Passed(folder.join(name), _summary(result))
        if name == MANIFEST:
            yield from _validate_outputs(folder, result)


def _validate_outputs(folder: Folder, manifest: Manifest) -> Iterator[Passed | Violation]:
    if any(output.path.startswith(PACKED) for output in manifest.outputs):
        yield from _validate_packed_run(folder, manifest)
        return
    if any(output.kind == DATA for output in manifest.outputs):
        yield from _validate_export(folder, manifest)
        return
    kinds = kinds_of(manifest)
    present = [name for kind in kinds for name in folder.files(kind) if name.endswith(".parquet")]
    yield from compare_names(folder.join(MANIFEST), manifest, present)
    run, sound = _Run(), True
    for output in manifest.outputs:
        if output.path not in present:
            sound = False
            continue
        path = folder.join(output.path)
        try:
            run.found[output.path] = _found_file(folder, output.path, kinds[output.kind], run)
            compare_file(path, output, run.found[output.path])
            yield Passed(path, f"{kinds[output.kind]}, {output.rows:,} rows")
        except ViolationError as error:
            sound = False
            yield error.violation
    if sound:
        yield from compare_sums(folder.join(MANIFEST), manifest, run.found)


def _validate_packed_run(folder: Folder, manifest: Manifest) -> Iterator[Passed | Violation]:
    """The packed shards of a mixture, and its report: as listed, each stage without a gap from file to file."""
    listed = {output.path: output for output in manifest.outputs}
    present = [name for name in folder.files(PACKED) if name.endswith(".parquet")]
    for name in sorted(set(present) - set(listed)):
        yield Violation(folder.join(name), f"is not listed in {MANIFEST}: it is of another mixture")
    next_index: dict[str, int] = {}
    for name, output in sorted(listed.items()):
        path = folder.join(name)
        if not folder.filesystem.exists(path):
            yield Violation(path, f"is missing, but {MANIFEST} lists it")
            continue
        try:
            with _open(folder.filesystem, path) as file:
                digest, size = _digest(file)
                file.seek(0)
                checked = Checked("report", 0, {})
                if name.startswith(PACKED):
                    with _parquet(file) as parquet:
                        checked = validate_packed(path, parquet, next_index.get(output.kind, 0))
                compare_file(path, output, FoundFile(size, digest, checked))
        except ViolationError as error:
            yield error.violation
        except (pa.ArrowException, OSError) as error:
            yield Violation(path, f"cannot be read: {error}")
        else:
            yield Passed(path, f"{checked.contract}, {checked.rows:,} rows")
        next_index[output.kind] = next_index.get(output.kind, 0) + output.rows


def _validate_export(folder: Folder, manifest: Manifest) -> Iterator[Passed | Violation]:
    """The files of an export, in formats of others: as listed, by bytes and digest."""
    listed = {output.path: output for output in manifest.outputs}
    for name in sorted(set(folder.files(DATA)) - set(listed)):
        yield Violation(folder.join(name), f"is not listed in {MANIFEST}: it is of another export")
    for name, output in sorted(listed.items()):
        path = folder.join(name)
        try:
            with _open(folder.filesystem, path) as file:
                digest, size = _digest(file)
            compare_file(path, output, FoundFile(size, digest, Checked("export", output.rows, {})))
        except FileNotFoundError:
            yield Violation(path, f"is missing, but {MANIFEST} lists it")
        except ViolationError as error:
            yield error.violation
        else:
            yield Passed(path, f"export, {output.rows:,} rows")


def _found_file(folder: Folder, name: str, contract: str, run: _Run) -> FoundFile:
    path = folder.join(name)
    try:
        with _open(folder.filesystem, path) as file:
            digest, size = _digest(file)
            file.seek(0)
            with _parquet(file) as parquet:
                checked = validate_table(path, parquet, contract)
                first = run.schemas.setdefault(contract, parquet.schema_arrow)
                if not parquet.schema_arrow.equals(first):
                    message = f"has another schema than the first {contract} file: one of them is of another recipe"
                    raise ViolationError(Violation(path, message))
    except (pa.ArrowException, OSError) as error:
        raise ViolationError(Violation(path, f"cannot be read: {error}")) from error
    return FoundFile(size, digest, checked)


def _read_manifest(folder: Folder, name: str) -> Manifest | Violation:
    try:
        return read_manifest(folder.join(name), cast(bytes, folder.filesystem.cat_file(folder.join(name))))
    except ViolationError as error:
        return error.violation


def _summary(manifest: Manifest) -> str:
    counts = manifest.counts
    dropped, dead, skipped = (sum(tally.values()) for tally in (counts.dropped, counts.dead_letters, counts.skipped))
    return (
        f"stage {manifest.stage}, {counts.input:,} in = {counts.kept:,} kept + {dropped:,} dropped + "
        f"{dead:,} dead letters + {skipped:,} skipped"
    )


def _open(filesystem: AbstractFileSystem, path: str) -> IO[bytes]:
    return cast(IO[bytes], filesystem.open(path, "rb"))


def _parquet(file: IO[bytes]) -> pq.ParquetFile:
    """A Parquet file that is read page by page, so that a row group of any size fits into memory."""
    return pq.ParquetFile(file, buffer_size=BUFFER_BYTES, pre_buffer=False)


def _digest(file: IO[bytes]) -> tuple[str, int]:
    """Hex of xxh3-128 over the bytes of a file, and their number."""
    digest, size = xxhash.xxh3_128(), 0
    while piece := file.read(BUFFER_BYTES):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
