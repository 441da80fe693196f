"""Parquet files as records: web texts of other makers, and Orchard's own documents."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.read.files import InputError, InputFile
from pipelines.read.raw.source import Source, open_input
from pipelines.read.raw.window import Broken
from pipelines.read.record import STAGE, Item
from pipelines.read.rows import row_to_record, wanted_columns
from schemas.document import DeadLetter, Provenance
from schemas.recipe.read import Columns, ReadSettings

_BATCH_BYTES = 16 << 20
"""About how much is decompressed at once."""
DAMAGE = (pa.ArrowException, OSError)
"""What damaged files raise: Arrow reports some broken pages as plain OSError."""


def check_parquet(file: InputFile, columns: Columns) -> None:
    """See before work starts that a file has a text column; reads its footer only.

    Raises:
        InputError: there is none. A file that cannot be read at all passes: it becomes a dead letter.
    """
    with open_input(file) as source:
        try:
            schema = pq.read_schema(source.file)
        except DAMAGE as error:
            raise_unless_damage(error)
            return
    if not set(columns.text) & set(schema.names):
        raise InputError(
            f"{file.uri}: none of its columns ({', '.join(schema.names)}) is a text column "
            f"({', '.join(columns.text)}). Name the right one in the recipe: read.columns.text"
        )


def read_parquet(file: InputFile, source: Source, settings: ReadSettings) -> Iterator[Item]:
    """The rows of a file, each as a record or a dead letter; a damaged row group is one dead letter.

    Memory: a batch of about 16 MiB, and what Parquet needs to decompress a page.
    """
    try:
        parquet = pq.ParquetFile(source.file)
    except DAMAGE as error:
        raise_unless_damage(error)
        yield _dead_letter(Broken("BrokenParquet", f"the file's footer cannot be read: {error}"), _place(file, 0))
        return
    columns = wanted_columns(parquet.schema_arrow.names, settings.columns)
    first_row = 0
    for group in range(parquet.num_row_groups):
        row, end = first_row, first_row + parquet.metadata.row_group(group).num_rows
        try:
            for batch in _batches(parquet, group, columns):
                for fields in batch.to_pylist():
                    yield _item(fields, _place(file, row), settings)
                    row += 1
        except DAMAGE as error:
            raise_unless_damage(error)
            message = f"row group {group}: rows {row} to {end - 1} cannot be read: {error}"
            yield _dead_letter(Broken("BrokenParquet", message), _place(file, row))
        first_row = end


def _batches(parquet: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """A row group in batches of about ``_BATCH_BYTES``."""
    facts = parquet.metadata.row_group(group)
    rows = _BATCH_BYTES * facts.num_rows // max(1, facts.total_byte_size)
    return parquet.iter_batches(max(1, rows), row_groups=[group], columns=columns, use_threads=False)


def raise_unless_damage(error: Exception) -> None:
    """Pass on what the store raises (lost connection, no permission): it is no fault of the data."""
    if isinstance(error, OSError) and (type(error) is not OSError or error.errno is not None):
        raise error


def _item(fields: dict[str, object], place: Provenance, settings: ReadSettings) -> Item:
    try:
        return row_to_record(fields, place, settings.columns, settings.max_record_bytes)
    except Broken as broken:
        return _dead_letter(broken, place)


def _place(file: InputFile, row: int) -> Provenance:
    return Provenance(container=file.relative_name, offset=row)


def _dead_letter(broken: Broken, place: Provenance) -> DeadLetter:
    message = f"row {place.offset}: {broken.message}"
    return DeadLetter(provenance=place, stage=STAGE, error_class=broken.error_class, message=message)
