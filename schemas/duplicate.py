"""What deduplication says of a document that it has cut, as signals."""

import pyarrow as pa

from schemas.namespace import with_namespace
from schemas.recipe.deduplicate import Deduplicate
from schemas.signals import Signal

NAMESPACE = "duplicate"
"""Where the signals stand under ``signals``, and the part before the dot of the rules' codes."""
LEE = "Lee et al. 2021, arXiv 2107.06499"

LINES = (
    Signal("cut_lines_share", pa.float64(), "share", "of the bytes of the text, cut with lines that others have", "C4"),
    Signal("cut_lines", pa.int64(), "lines", "lines (paragraphs) that were cut since other documents have them", "C4"),
)
SUBSTRINGS = (
    Signal("cut_substrings_share", pa.float64(), "share", "of the bytes, cut with passages that stand elsewhere", LEE),
    Signal("cut_substrings", pa.int64(), "passages", "passages that were cut since they stand elsewhere", LEE),
)


def duplicate_signals(settings: Deduplicate) -> tuple[Signal, ...]:
    """The signals of the sections that cut documents, as far as they are on."""
    return (LINES if settings.lines else ()) + (SUBSTRINGS if settings.substrings else ())


def with_duplicate(schema: pa.Schema, settings: Deduplicate) -> pa.Schema:
    """A schema of documents as deduplication leaves it: with the namespace if a section cuts documents."""
    signals = duplicate_signals(settings)
    return with_namespace(schema, NAMESPACE, signals) if signals else schema
