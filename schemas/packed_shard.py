"""Packed shards: a row for each training sequence, in reading order, every token traceable to its document."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from schemas.token_shard import TOKENIZER_KEY, Bits
from schemas.version import check_version, stamp

NAME: Final = "packed"

SEGMENT: Final = pa.struct([
    pa.field("doc_id", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("start", pa.int32(), nullable=False),
    pa.field("length", pa.int32(), nullable=False),
    pa.field("document_offset", pa.int64(), nullable=False),
    pa.field("epoch", pa.int16(), nullable=False),
])  # fmt: skip
"""A run of tokens of one document. Segments stand in order and cover ``tokens[:length]`` of their row without a gap.

``start``: its first position in the row. ``document_offset``: that token's place in the document, counted from the
token for the begin of a document where the stage puts one, else from the first token of its text. ``epoch``: how many
times the run had read this document before, in this stage and those before it.
"""

_KEYS: Final = {
    "stage": b"orchard.stage",
    "sequence_length": b"orchard.sequence_length",
    "vocab_size": b"orchard.vocab_size",
    "padding_id": b"orchard.padding_id",
    "begin_id": b"orchard.begin_id",
    "end_id": b"orchard.end_id",
    "seed": b"orchard.seed",
    "packing": b"orchard.packing",
}
_TEXTS: Final = ("stage", "packing")


@dataclass(frozen=True)
class PackedFacts:
    """What holds for every sequence of a stage; it stands in the metadata of each file."""

    stage: str
    """The stage, or the sample of one, that the sequences belong to."""
    sequence_length: int
    """Tokens in every row, padding included."""
    vocab_size: int
    """One more than the largest id."""
    padding_id: int
    """Fills rows up. It may be an id that documents have too: go by ``length``, not by the id."""
    begin_id: int | None
    """Stands before every document; None: nothing does."""
    end_id: int
    """Stands after every document, as its last token."""
    seed: int
    """Of the choice and order of documents."""
    packing: str
    """How documents were put together: ``best-fit`` or ``concatenate``."""
    tokenizer: str
    """The tokenizer's fingerprint."""

    @property
    def bits(self) -> Bits:
        """Bits of an id: 16 for vocabularies up to 65,536 tokens, else 32."""
        return 16 if self.vocab_size <= 1 << 16 else 32


def packed_schema(facts: PackedFacts, *, teacher: bool = False) -> pa.Schema:
    """The columns of a packed shard, with those for a teacher's labels if wanted (AFM R21)."""
    dtype = pa.uint16() if facts.bits == 16 else pa.uint32()
    schema = pa.schema([
        _field("index", pa.int64(), "Place in the reading order of the stage, from 0; rows of a file follow on."),
        _field("tokens", pa.large_list(_element(dtype)), "sequence_length ids; those after `length` are padding."),
        _field("length", pa.int32(), "How many of them are no padding."),
        _field("segments", pa.list_(_element(SEGMENT)), "The documents that they come from, in order."),
        *(_teacher_fields(dtype) if teacher else ()),
    ])  # fmt: skip
    metadata = {key: _text(getattr(facts, name)) for name, key in _KEYS.items()}
    named = stamp(schema, NAME)
    return named.with_metadata({**named.metadata, **metadata, TOKENIZER_KEY: facts.tokenizer.encode()})


def read_facts(schema: pa.Schema) -> PackedFacts:
    """What the metadata of a packed shard says.

    Raises SchemaVersionError for a file that is none, or of a version that cannot be read.
    """
    check_version(schema, NAME)
    found = {name: schema.metadata[key].decode() for name, key in _KEYS.items()}
    numbers = {name: int(text) if text else None for name, text in found.items() if name not in _TEXTS}
    texts = {name: found[name] for name in _TEXTS}
    return PackedFacts(**texts, **numbers, tokenizer=schema.metadata[TOKENIZER_KEY].decode())  # pyright: ignore[reportArgumentType] (only begin_id may be None)


def has_teacher(schema: pa.Schema) -> bool:
    """Whether the sequences have places for a teacher's labels."""
    return "teacher_token" in schema.names


def _teacher_fields(dtype: pa.DataType) -> tuple[pa.Field, ...]:
    """Places for the labels: those at position p are for the token that follows it, as a trainer's labels are."""
    return (
        _field(
            "teacher_token", pa.large_list(_element(dtype)), "The token that the teacher finds likeliest to come next."
        ),
        _field(
            "teacher_weight",
            pa.large_list(_element(pa.float32())),
            "Its weight in the loss, the rest is the true token's: 0 before a teacher labels it; AFM takes 0.9.",
        ),
    )


def _element(dtype: pa.DataType) -> pa.Field:
    return pa.field("element", dtype, nullable=False)


def _field(name: str, dtype: pa.DataType, description: str) -> pa.Field:
    return pa.field(name, dtype, nullable=False, metadata={"description": description})


def _text(value: object) -> bytes:
    return b"" if value is None else str(value).encode()
