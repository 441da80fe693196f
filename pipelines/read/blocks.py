"""Documents as blocks of columns, wherever they come from: files that Orchard has written, or those of others."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from filters.url.canonical import canonical_uri
from pipelines.engine.outputs.parquet import blocks
from pipelines.read.files import InputError, InputFile
from pipelines.read.parquet import DAMAGE, check_parquet, raise_unless_damage
from pipelines.read.raw.source import Source, open_input
from pipelines.read.read import read_source
from pipelines.read.record import STAGE, Record
from schemas.arrow import arrow_schema
from schemas.document import DeadLetter, Document, Provenance, document_id
from schemas.recipe.foreign import Foreign
from schemas.version import SchemaVersionError, check_version, schema_name

_OVERHEAD = 64
"""Bytes that a row takes beside its text, so that a million empty texts are no single block."""


def check_documents(files: Sequence[InputFile], foreign: Foreign | None) -> None:
    """See before work starts that each file holds documents, or texts that ``foreign`` says what to take for.

    Raises InputError for archives of pages, other outputs of Orchard, files without text, and those of others where
    nothing says what they are. A damaged file passes where ``foreign`` is given: it becomes a dead letter.
    """
    for file in files:
        if file.format == "warc":
            raise InputError(f"{file.uri}: pages are no documents yet; make documents of them first: orchard run")
        schema = _schema(file)
        if schema is not None and schema_name(schema) is not None:
            _check_own(file, schema)
        elif foreign is None:
            raise InputError(
                f"{file.uri}: is no file of documents that Orchard has written. Say what it is: --source web (or code, "
                "math-web ...) and --collection NAME"
            )
        elif schema is not None:
            check_parquet(file, foreign.read.columns)


def read_blocks(
    file: InputFile, source: Source, columns: Sequence[str], foreign: Foreign | None, max_bytes: int
) -> Iterator[pa.RecordBatch | DeadLetter]:
    """The documents of a file as blocks with these columns of `Document`, and a dead letter for what is none.

    A block has at most ``max_bytes`` of text (one document at least). Memory: a block; of a file that Orchard has
    written, a row group.
    """
    schema = pa.schema([arrow_schema(Document).field(name) for name in columns])
    found = _schema(file)
    if found is not None and schema_name(found) is not None:
        return _own_blocks(file, source, schema, max_bytes)
    if foreign is None:
        raise ValueError(f"{file.uri} is of others, and was not checked")
    return _foreign_blocks(file, source, schema, foreign, max_bytes)


def _schema(file: InputFile) -> pa.Schema | None:
    """The columns of a Parquet file; None for one that cannot be read, and for other files."""
    if file.format != "parquet":
        return None
    with open_input(file) as source:
        try:
            return pq.read_schema(source.file)
        except DAMAGE as error:
            raise_unless_damage(error)
            return None


def _check_own(file: InputFile, schema: pa.Schema) -> None:
    try:
        check_version(schema, "document")
    except SchemaVersionError as error:
        raise InputError(f"{file.uri}: {error}. Give the kept/*.parquet of a run") from error


def _own_blocks(
    file: InputFile, source: Source, schema: pa.Schema, max_bytes: int
) -> Iterator[pa.RecordBatch | DeadLetter]:
    first_row = 0
    with pq.ParquetFile(source.file) as parquet:
        for group in range(parquet.num_row_groups):
            rows = parquet.metadata.row_group(group).num_rows
            try:
                table = parquet.read_row_group(group, columns=schema.names, use_threads=False)
            except DAMAGE as error:
                raise_unless_damage(error)
                place = Provenance(container=file.relative_name, offset=first_row)
                message = f"row group {group}: rows {first_row} to {first_row + rows - 1} cannot be read: {error}"
                yield DeadLetter(provenance=place, stage=STAGE, error_class="BrokenParquet", message=message)
            else:
                for batch in table.select(schema.names).cast(schema).combine_chunks().to_batches():
                    yield from blocks(batch, "text", max_bytes)
            first_row += rows


def _foreign_blocks(
    file: InputFile, source: Source, schema: pa.Schema, foreign: Foreign, max_bytes: int
) -> Iterator[pa.RecordBatch | DeadLetter]:
    rows: list[dict[str, object]] = []
    size = 0
    for item in read_source(file, source, foreign.read):
        if isinstance(item, DeadLetter):
            yield item
        elif isinstance(item, Record):
            row = _row(item, foreign)
            added = len(str(row["text"]).encode()) + _OVERHEAD
            if rows and size + added > max_bytes:
                yield pa.RecordBatch.from_pylist(rows, schema=schema)
                rows, size = [], 0
            rows.append(row)
            size += added
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _row(record: Record, foreign: Foreign) -> dict[str, object]:
    return {
        "doc_id": document_id(canonical_uri(record.uri), record.content_digest),
        "text": record.text,
        "uri": record.uri,
        "source": foreign.source,
        "collection": foreign.collection,
        "language": record.declared_language,
    }
