"""What of benchmarks was found in a corpus: signals of documents, matches, and the state of every benchmark item."""

from typing import Literal

import pyarrow as pa
from pydantic import Field

from schemas.arrow import arrow_schema
from schemas.document import DIGEST_PATTERN, LargeText
from schemas.namespace import with_namespace
from schemas.signals import Signal
from schemas.strict import StrictModel
from schemas.version import stamp

NAMESPACE = "contamination"
"""Where the signals stand under ``signals``, and the part before the dot of the rule's code."""
RULE = f"{NAMESPACE}.ngrams"
SOURCE = "AFM, arXiv 2407.21075, 3.1.4"

SIGNALS = (
    Signal(
        "ngrams",
        pa.int64(),
        "n-grams",
        "distinct n-grams of benchmarks in the text, without those of common usage, before anything was cut",
        SOURCE,
    ),
    Signal(
        "longest", pa.int64(), "words", "words of the longest passage that these n-grams cover without a gap", SOURCE
    ),
)
"""Measured on every document that `decontaminate` looked at."""


class ContaminationMatch(StrictModel):
    """A benchmark item of which a document holds n-grams, with the two passages side by side."""

    doc_id: str = Field(pattern=DIGEST_PATTERN)
    """The document."""
    uri: str = Field(min_length=1)
    """Where it was found."""
    suite: str = Field(min_length=1)
    """The benchmark."""
    subtask: str
    """Its part; empty where it has none."""
    split: str
    """Its split; empty where the files do not say."""
    revision: str
    """The version of its data."""
    item: str
    """What the benchmark calls the item."""
    n: int = Field(ge=1)
    """Words of the n-grams."""
    ngrams: int = Field(ge=1)
    """Distinct n-grams of the item in the document, without those of common usage."""
    words: int = Field(ge=1)
    """Words of the longest passage of the item in the document."""
    share: float = Field(gt=0, le=1)
    """What that passage is of the item's question, or of its answers where it stands there: 1 for a whole one."""
    document_passage: LargeText
    """That passage in the document, in brackets, with what is around; long ones without their middle."""
    item_passage: LargeText
    """The same in the item."""


class BenchmarkItemState(StrictModel):
    """Whether a benchmark item was seen in the corpus: the clean subset of a benchmark is what was not."""

    suite: str = Field(min_length=1)
    """The benchmark."""
    subtask: str
    """Its part; empty where it has none."""
    split: str
    """Its split; empty where the files do not say."""
    revision: str
    """The version of its data."""
    item: str
    """What the benchmark calls the item."""
    state: Literal["clean", "seen", "unknown"]
    """``seen``: some document holds an n-gram of it. ``unknown``: it has none, or only such as are common usage."""
    documents: int = Field(ge=0)
    """Documents that hold an n-gram of it that is no common usage."""
    largest_share: float = Field(ge=0, le=1)
    """Most that a document holds of its question or answers in one piece: 1 for all, little for a common phrase."""
    doc_ids: tuple[str, ...]
    """Up to three of these documents, the smallest ids."""
    uris: tuple[str, ...]
    """Where they were found."""


def match_schema() -> pa.Schema:
    """The schema of ``matches/``."""
    return stamp(arrow_schema(ContaminationMatch), "contamination-match")


def item_state_schema() -> pa.Schema:
    """The schema of ``benchmarks/items.parquet``."""
    return stamp(arrow_schema(BenchmarkItemState), "benchmark-item")


def with_contamination(schema: pa.Schema) -> pa.Schema:
    """A schema of documents with the namespace in ``signals``, in place of one that is there already."""
    return with_namespace(schema, NAMESPACE, SIGNALS)
