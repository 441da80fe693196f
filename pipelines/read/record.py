"""What a reader yields: a record, a skipped record, or a dead letter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.document import DeadLetter, Provenance

STAGE = "read"
"""The stage that the dead letters of readers name."""


@dataclass(frozen=True, slots=True)
class Record:
    """A page or a text as it was found; exactly one of ``html`` and ``text`` is given.

    ``offset`` and ``length`` say where it lies in ``container``. WARC and WET: bytes of the file, or, where one
    compressed member holds several records, bytes of the decompressed file. JSONL: bytes of the decompressed file.
    Parquet: the row, and no length.
    """

    uri: str
    content_digest: str
    """Hex of xxh3-128 over the body, free of transfer and content encodings."""
    container: str
    """Name of the file, relative to the longest folder of its pattern without wildcards."""
    offset: int | None
    length: int | None
    html: str | None = None
    """A decoded page, whose text is to be extracted."""
    text: str | None = None
    """A text that needs no extraction (WET, Parquet, JSONL)."""
    retrieved_at: datetime | None = None
    """When it was fetched, UTC; null if unknown or not a date."""
    license: str | None = None
    declared_language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Whatever else is known: title, author, date, canonical_url; charset, charset_source, refused_charsets."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sound record that is no wanted page, with the code of the rule that says so."""

    rule: str
    """``read.status`` or ``read.content_type``."""
    uri: str
    provenance: Provenance
    value: str
    """The status or the content type that is not wanted."""


Item = Record | DeadLetter | Skipped
"""Everything that a record can become; their numbers add up to the records of a file."""
