"""How input files are read, and the bounds that protect the reader."""

from pydantic import Field

from schemas.strict import StrictModel


class Columns(StrictModel):
    """Names under which Parquet and JSONL files may hold a field: the first one that a file has is read."""

    text: tuple[str, ...] = Field(default=("text", "content", "raw_content"), min_length=1)
    """The text; a file without any of these is refused before work starts."""
    uri: tuple[str, ...] = ("uri", "url", "source_url", "id", "doc_id")
    """The address; without one, the container and the row stand in."""
    title: tuple[str, ...] = ("title",)
    """The title."""
    retrieved_at: tuple[str, ...] = ("retrieved_at", "date", "timestamp", "crawl_date")
    """When it was fetched: a timestamp, or text in ISO 8601."""
    language: tuple[str, ...] = ("declared_language", "language", "lang")
    """The language that the source declares."""
    license: tuple[str, ...] = ("license", "licence")
    """The licence, an SPDX expression."""
    metadata: tuple[str, ...] = ()
    """Other fields that go into the record's metadata as text, such as a label."""


class ReadSettings(StrictModel):
    """Which records are read, and how much of a hostile one."""

    content_types: tuple[str, ...] = ("text/html", "application/xhtml+xml")
    """Media types of the WARC responses that are read; others are skipped and counted. Empty: all."""
    statuses: tuple[int, ...] = (200,)
    """HTTP statuses of the WARC responses that are read; others are skipped and counted."""
    max_record_bytes: int = Field(default=64 << 20, ge=1024)
    """A record whose body is longer, or says that it is, becomes a dead letter; bytes."""
    max_decompression_ratio: float = Field(default=1000.0, ge=1)
    """A record that grows more than this when decompressed becomes a dead letter (HTML: 3 to 20; gzip's most: 1032)."""
    columns: Columns = Columns()
    """Where Parquet and JSONL files hold what."""
