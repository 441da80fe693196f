"""The document: the one record that every collection shares, kept or dropped."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Literal

import pyarrow as pa
import xxhash
from pydantic import Field

from schemas.arrow import ArrowType, arrow_schema
from schemas.step import Step
from schemas.strict import StrictModel
from schemas.version import stamp

LargeText = Annotated[str, ArrowType(pa.large_string())]
"""Text whose column may pass 2 GB in a file."""

SourceClass = Literal["web", "licensed", "code", "math-qa", "math-web", "public", "synthetic"]
"""Where a document comes from, as a mixture asks for it (AFM R1 [V]; synthetic: AFM 2025)."""

DIGEST_PATTERN = "^[0-9a-f]{32}$"
"""Hex of xxh3-128."""


class Provenance(StrictModel):
    """The raw bytes behind a record: enough to find it again, and to forget it."""

    container: str = Field(min_length=1)
    """Path or URL of the file that holds it."""
    offset: int | None = Field(default=None, ge=0)
    """Where it begins in the container. WARC, WET: bytes of the file (of the decompressed file where one compressed
    member holds several records). JSONL: bytes of the decompressed file. Parquet: the row."""
    length: int | None = Field(default=None, ge=0)
    """Its length in the container in bytes; null where a row has none."""
    digest: str | None = Field(default=None, pattern=DIGEST_PATTERN)
    """Hex of xxh3-128 over the raw body; null where it could not be read."""


class DeadLetter(StrictModel):
    """A record that could not be processed: it is set aside with its reason and never ends a run."""

    uri: str | None = None
    """Its address, if it could be read."""
    provenance: Provenance
    """Where it lies."""
    stage: str = Field(min_length=1)
    """The stage that could not process it."""
    error_class: str = Field(min_length=1)
    """A stable name of the kind of error, which manifests count by: ``TruncatedRecord``, ``ExtractionTimeout``."""
    message: LargeText
    """What went wrong, for a person."""


class Verdict(StrictModel):
    """Why a document was dropped: the first rule, in the recipe's order, whose bound its value breaks."""

    stage: str = Field(min_length=1)
    """The stage that decided."""
    rule: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    """Code of the rule, which is also the path of the value under ``signals``: ``gopher.word_count``."""
    value: float | None
    """The measured value."""
    bound: str = Field(min_length=1)
    """The bound that the value breaks: ``>= 50 and <= 100000``."""
    detail: str | None = None
    """What explains the value, such as the list entry that matched."""


class Document(StrictModel):
    """A kept document. Its ``signals`` are typed by the recipe: see ``document_schema``."""

    doc_id: str = Field(pattern=DIGEST_PATTERN)
    """Hex of xxh3-128 over the canonical URI and the digest of the raw content; see ``document_id``."""
    text: LargeText = Field(min_length=1)
    """The text after the last step that edits it."""
    uri: str = Field(min_length=1)
    """Where it was found, as recorded there."""
    source: SourceClass
    """Source class, which mixtures choose by."""
    collection: str = Field(min_length=1)
    """The corpus that it belongs to, as the recipe names it."""
    retrieved_at: datetime | None = None
    """When it was fetched, UTC, to the microsecond."""
    title: str | None = None
    """The page's title."""
    author: str | None = None
    """The page's author."""
    date: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    """The day of publication that the page states, as YYYY-MM-DD."""
    language: str | None = None
    """Language found in the text, ISO 639-1."""
    language_score: float | None = Field(default=None, ge=0, le=1.001)
    """Probability of that language, 0 to 1; fastText rounds some to a little more than 1."""
    declared_language: str | None = None
    """Language that the page itself declares, a BCP 47 tag."""
    canonical_url: str | None = None
    """The address that the page names as its canonical one."""
    license: str | None = None
    """SPDX expression; null where no licence is known, which is never a permission."""
    duplicate_count: int | None = Field(default=None, ge=0)
    """How many documents were dropped as duplicates in its favour; null where no duplicates were looked for."""
    provenance: Provenance
    """The raw bytes that it was made from."""
    signals: Annotated[Mapping[str, Mapping[str, object] | None], ArrowType(pa.struct([]))] = {}
    """Measured values by namespace and name; null where they were not measured."""


class DroppedDocument(Document):
    """A dropped document: with its verdict, and without text if it was dropped before extraction."""

    text: LargeText | None = None  # pyright: ignore[reportIncompatibleVariableOverride] (frozen, so wider is safe)
    """The extracted text, null for a page that was dropped before extraction."""
    verdict: Verdict
    """The rule that dropped it."""
    survivor_id: str | None = Field(default=None, pattern=DIGEST_PATTERN)
    """The document that was kept instead, if it is a duplicate."""
    similarity: float | None = Field(default=None, ge=0, le=1)
    """Jaccard similarity with that one: 1 for equal texts; null where it was not computed."""


def document_id(canonical_uri: str, content_digest: str) -> str:
    """The identity of a document: hex of xxh3-128 over its canonical URI and ``content_digest`` (hex, raw bytes).

    The same content at the same address has the same identity in every run; positions play no part.
    """
    return xxhash.xxh3_128_hexdigest(f"{canonical_uri}\n{content_digest}".encode(errors="surrogatepass"))


def document_schema(steps: Iterable[Step]) -> pa.Schema:
    """The schema of ``kept/`` for a recipe with these steps (its page rules and filters)."""
    return stamp(_with_signals(arrow_schema(Document), steps), "document")


def dropped_schema(steps: Iterable[Step]) -> pa.Schema:
    """The schema of ``dropped/`` for a recipe with these steps: with a verdict, and the text may be null."""
    return stamp(_with_signals(arrow_schema(DroppedDocument), steps), "dropped")


def dead_letter_schema() -> pa.Schema:
    """The schema of ``dead-letters/``."""
    return stamp(arrow_schema(DeadLetter), "dead-letter")


def signals_type(steps: Iterable[Step]) -> pa.StructType:
    """The type of ``signals``: a struct for each step's namespace, in it a nullable field for each of its signals."""
    return pa.struct([pa.field(step.space, pa.struct([signal.field() for signal in step.signals])) for step in steps])


def _with_signals(schema: pa.Schema, steps: Iterable[Step]) -> pa.Schema:
    """``schema`` with ``signals`` typed by ``steps``; without it if nothing is measured (no empty structs)."""
    position = schema.get_field_index("signals")
    dtype = signals_type(step for step in steps if step.signals)
    if not dtype.num_fields:
        return schema.remove(position)
    return schema.set(position, schema.field(position).with_type(dtype))
