"""Rows of Parquet and lines of JSONL as records: which column holds what."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import xxhash

from pipelines.read.decode import remove_unsafe
from pipelines.read.raw.window import Broken
from pipelines.read.record import Record
from schemas.document import Provenance
from schemas.recipe.read import Columns

_PASSED_THROUGH = ("author", "date", "canonical_url")
"""Text fields of Orchard's own documents that are kept as metadata, besides the title."""


def wanted_columns(names: Iterable[str], columns: Columns) -> list[str]:
    """The columns of a file that a record is made from."""
    wanted = {*_PASSED_THROUGH, "provenance"}.union(*(getattr(columns, field) for field in Columns.model_fields))
    return [name for name in names if name in wanted]


def row_to_record(row: Mapping[str, object], place: Provenance, columns: Columns, max_bytes: int) -> Record:
    """A record from the fields of a row.

    One of Orchard's own documents keeps its provenance, and with it its identity, even if its text was edited since.

    Raises:
        Broken: ``MissingText`` (none, or empty), ``WrongType`` (no string), ``RecordTooLarge``.
    """
    text = _text(row, columns, max_bytes)
    own = row.get("provenance")
    origin = _provenance(own, place) if isinstance(own, Mapping) else place
    metadata = {
        "title": _string(row, columns.title),
        **{name: _string(row, (name,)) for name in (*_PASSED_THROUGH, *columns.metadata)},
    }
    return Record(
        uri=_string(row, columns.uri) or f"{place.container}#{place.offset}",
        content_digest=origin.digest or xxhash.xxh3_128_hexdigest(text.encode()),
        container=origin.container,
        offset=origin.offset,
        length=origin.length,
        text=text,
        retrieved_at=_timestamp(_first(row, columns.retrieved_at)),
        license=_string(row, columns.license),
        declared_language=_string(row, columns.language),
        metadata={name: value for name, value in metadata.items() if value},
    )


def _text(row: Mapping[str, object], columns: Columns, max_bytes: int) -> str:
    value = _first(row, columns.text)
    if value is None or value == "":
        raise Broken("MissingText", f"none of the fields {', '.join(columns.text)} holds a text")
    if not isinstance(value, str):
        raise Broken("WrongType", f"the text is of type {type(value).__name__}, not a string")
    text = remove_unsafe(value)
    if not text:
        raise Broken("MissingText", "the text holds nothing but NULs and lone surrogates")
    if len(text) > max_bytes or (4 * len(text) > max_bytes and len(text.encode()) > max_bytes):
        raise Broken("RecordTooLarge", f"the text has {len(text)} characters, the bound is {max_bytes} bytes")
    return text


def _provenance(own: Mapping[str, object], place: Provenance) -> Provenance:
    """The provenance that a document of Orchard carries; the place of its row if it is none."""
    container, digest = own.get("container"), own.get("digest")
    offset, length = own.get("offset"), own.get("length")
    if not isinstance(container, str):
        return place
    return Provenance(
        container=container,
        offset=offset if isinstance(offset, int) else None,
        length=length if isinstance(length, int) else None,
        digest=digest if isinstance(digest, str) else None,
    )


def _first(row: Mapping[str, object], names: Iterable[str]) -> object:
    """The first of the named fields that the row has and that is not null."""
    return next((row[name] for name in names if row.get(name) is not None), None)


def _string(row: Mapping[str, object], names: Iterable[str]) -> str | None:
    """A text field; numbers (an id, a score) as text, anything else as if it were not there."""
    value = _first(row, names)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return remove_unsafe(value) or None if isinstance(value, str) else None


def _timestamp(value: object) -> datetime | None:
    """A time in UTC; a time without zone is taken as UTC. None for what is no time in ISO 8601."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999 in another zone
        return None
