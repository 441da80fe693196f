"""The file of an index: one Arrow IPC file of one row, whose lists are the index's arrays, read by memory map."""

from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import xxhash
from pydantic import ValidationError

from filters.errors import SettingError
from filters.ngrams.benchmarks import NORMALISATION, BenchmarkIndex
from filters.ngrams.index import NgramIndex
from schemas.benchmark import IndexMetadata
from schemas.fingerprint import canonical_json
from schemas.version import SchemaVersionError, check_version, stamp

SCHEMA_NAME = "benchmark-index"
_METADATA = b"orchard.index"

_ARRAYS = tuple(field.name for field in fields(NgramIndex))
_TEXTS = ("item_ids", "prompts", "answers")

HOW_TO_BUILD = "build it again: orchard benchmarks build FILE... --out INDEX"


class IndexFileError(SettingError):
    """A file that is no usable index; the message names it and the way out."""


def serialise(index: BenchmarkIndex) -> tuple[BenchmarkIndex, pa.Buffer]:
    """The index with its fingerprint, and the content of its file: the same bytes for the same items."""
    index = replace(index, metadata=index.metadata.model_copy(update={"fingerprint": fingerprint(index)}))
    columns = [_one_row(pa.array(getattr(index.ngrams, name))) for name in _ARRAYS]
    columns += [_one_row(getattr(index, name)) for name in _TEXTS]
    schema = stamp(
        pa.schema([(name, column.type) for name, column in zip((*_ARRAYS, *_TEXTS), columns, strict=True)]), SCHEMA_NAME
    )
    schema = schema.with_metadata({**(schema.metadata or {}), _METADATA: index.metadata.model_dump_json().encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))
    return index, sink.getvalue()


def load_index(path: Path) -> BenchmarkIndex:
    """The index at ``path``, mapped into memory once a process.

    Raises IndexFileError: no such file, no index, cut off, of another version or normalisation.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise IndexFileError(f"benchmark index {path} cannot be opened: {error.strerror}; {HOW_TO_BUILD}") from error
    return _load(path, status.st_mtime_ns, status.st_size)


def fingerprint(index: BenchmarkIndex) -> str:
    """Hex of xxh3-128 over all that an index holds, but the names of the files that it came from."""
    digest = xxhash.xxh3_128()
    about = index.metadata.model_dump(mode="json", exclude={"fingerprint": True, "benchmarks": {"__all__": {"files"}}})
    digest.update(canonical_json(about).encode())
    for name in _ARRAYS:
        array: np.ndarray = getattr(index.ngrams, name)
        digest.update(f"{name}:{len(array)}:".encode())
        digest.update(array.tobytes())
    for name in _TEXTS:
        texts: pa.LargeStringArray = getattr(index, name)
        for text in texts.to_pylist():
            digest.update(f"{len(text)}:{text}".encode())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _load(path: Path, modified: int, size: int) -> BenchmarkIndex:
    """The index, read again when the file's time of change (ns) or size is another one."""
    try:
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        check_version(reader.schema, SCHEMA_NAME)
        metadata = IndexMetadata.model_validate_json((reader.schema.metadata or {}).get(_METADATA, b""))
        batch = reader.get_batch(0)
        arrays = {name: batch.column(name).values.to_numpy() for name in _ARRAYS}
        texts = {name: batch.column(name).values for name in _TEXTS}
    except SchemaVersionError as error:
        raise IndexFileError(f"benchmark index {path}: {error}; {HOW_TO_BUILD}") from error
    except (pa.ArrowException, OSError, ValidationError, KeyError, IndexError) as error:
        reason = str(error).splitlines()[0]
        raise IndexFileError(f"{path} is no whole benchmark index ({reason}); {HOW_TO_BUILD}") from error
    if metadata.normalisation != NORMALISATION:
        raise IndexFileError(
            f"benchmark index {path} compares {metadata.normalisation!r}, not {NORMALISATION!r}; {HOW_TO_BUILD}"
        )
    return BenchmarkIndex(metadata, NgramIndex(**arrays), **texts)


def _one_row(values: pa.Array) -> pa.LargeListArray:
    return pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), values)
