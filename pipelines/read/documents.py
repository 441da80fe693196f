"""The documents of finished runs as the input of another."""

from collections.abc import Sequence

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.read.files import InputError, InputFile, find_inputs
from schemas.version import SchemaVersionError, check_version


def find_documents(patterns: Sequence[str], section: str) -> list[InputFile]:
    """The files of documents that patterns match; ``section`` of a recipe is what is to be done with them.

    Raises InputError for a file that holds something else, and where none holds a document.
    """
    files = find_inputs(patterns)
    rows = sum(_rows(file.uri, section) for file in files)
    if not rows:
        raise InputError(f"{', '.join(patterns)}: {len(files)} file(s) without any document; give others")
    return files


def _rows(uri: str, section: str) -> int:
    filesystem, path = fsspec.core.url_to_fs(uri)
    try:
        with filesystem.open(path, "rb") as file, pq.ParquetFile(file) as parquet:
            check_version(parquet.schema_arrow, "document")
            return parquet.metadata.num_rows
    except pa.ArrowInvalid as error:
        raise InputError(f"{uri}: cannot be read as Parquet: {error}") from error
    except SchemaVersionError as error:
        raise InputError(
            f"{uri}: {error}. Give the kept/*.parquet of a run; for other data run a recipe with a section "
            f"`{section}` on it: orchard run"
        ) from error
