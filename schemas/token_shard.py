"""Token shards: a row for each document, with its tokens and whatever traces them to its page."""

from typing import Final, Literal

import pyarrow as pa

from schemas.version import stamp

TOKENIZER_KEY: Final = b"orchard.tokenizer"
"""The tokenizer's fingerprint in the metadata of a file."""

Bits = Literal[16, 32]


def token_schema(bits: Bits, tokenizer_fingerprint: str) -> pa.Schema:
    """The columns of a token shard whose ids have so many bits (unsigned)."""
    ids = pa.large_list(pa.field("element", pa.uint16() if bits == 16 else pa.uint32(), nullable=False))
    schema = pa.schema([
        _field("doc_id", pa.string(), "The document; its page is found by it."),
        _field("source", pa.string(), "Source class, which mixtures choose by."),
        _field("collection", pa.string(), "The corpus that it belongs to."),
        _field("length", pa.int64(), "How many tokens it has."),
        _field("tokens", ids, "Its tokens, without any for its begin or end."),
    ])  # fmt: skip
    named = stamp(schema, "tokens")
    return named.with_metadata({**named.metadata, TOKENIZER_KEY: tokenizer_fingerprint.encode()})


def _field(name: str, dtype: pa.DataType, description: str) -> pa.Field:
    return pa.field(name, dtype, nullable=False, metadata={"description": description})
