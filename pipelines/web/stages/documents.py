"""The rows of the extracted shard: a record and what extraction found, as a document."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from filters.url.canonical import canonical_uri
from pipelines.extract.page import Extracted, ExtractionFailure
from pipelines.read.record import Record
from schemas.document import DeadLetter, Provenance, Verdict, document_id, dropped_schema
from schemas.recipe.model import Recipe

EMPTY = Verdict(stage="extract", rule="extract.empty", value=0, bound="> 0", detail="no text was found in the page")


@dataclass(frozen=True)
class Judged:
    """A record after the page rules, at its place in the columns of its block."""

    record: Record
    verdict: dict[str, object] | None
    """Why a page rule dropped it."""
    signals: dict[str, object]
    """What the page rules measured, by namespace."""

    @property
    def needs_extraction(self) -> bool:
        """Whether it is a page that is still kept."""
        return self.verdict is None and self.record.html is not None


def extracted_schema(recipe: Recipe) -> pa.Schema:
    """Documents with the signals of the page rules only; verdict and text may be null."""
    schema = dropped_schema(recipe.pages)
    position = schema.get_field_index("verdict")
    return schema.set(position, schema.field(position).with_nullable(True)).remove_metadata()


def document_row(judged: Judged, found: Extracted | None, recipe: Recipe) -> dict[str, object]:
    """The row of one record; ``found`` is None where nothing was extracted (dropped before, or text already)."""
    record, known = judged.record, judged.record.metadata
    text = found.text if found else record.text if judged.verdict is None else None
    verdict = judged.verdict
    if verdict is None and not (text and text.strip()):
        text, verdict = None, EMPTY.model_dump()
    return {
        "doc_id": document_id(canonical_uri(record.uri), record.content_digest),
        "text": text,
        "uri": record.uri,
        "source": recipe.source,
        "collection": recipe.collection,
        "retrieved_at": record.retrieved_at,
        "title": found.title if found else known.get("title"),
        "author": found.author if found else known.get("author"),
        "date": found.date if found else known.get("date"),
        "language": None,
        "language_score": None,
        "declared_language": (found.language if found else None) or record.declared_language,
        "canonical_url": found.canonical_url if found else known.get("canonical_url"),
        "license": record.license,
        "provenance": _provenance(record),
        "signals": judged.signals,
        "verdict": verdict,
    }


def rows_to_batch(rows: Sequence[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as a batch of the given schema."""
    return pa.RecordBatch.from_pylist(list(rows), schema=schema)


def failure_letter(record: Record, failure: ExtractionFailure) -> DeadLetter:
    """The dead letter of a page that could not be extracted."""
    return DeadLetter(
        uri=record.uri,
        provenance=Provenance.model_validate(_provenance(record)),
        stage="extract",
        error_class=failure.error_class,
        message=failure.message,
    )


def _provenance(record: Record) -> dict[str, object]:
    return {
        "container": record.container,
        "offset": record.offset,
        "length": record.length,
        "digest": record.content_digest,
    }
