"""Token shards: a row for each document, with its tokens and whatever traces them to its page."""

from typing import Annotated, Final, Literal

import pyarrow as pa
from pydantic import Field

from schemas.arrow import ArrowType, arrow_schema
from schemas.document import DIGEST_PATTERN, SourceClass
from schemas.strict import StrictModel
from schemas.version import stamp

TOKENIZER_KEY: Final = b"orchard.tokenizer"
"""The tokenizer's fingerprint in the metadata of a file."""

Bits = Literal[16, 32]


def token_list(bits: Bits) -> pa.DataType:
    """The type of the column ``tokens`` where ids have so many bits (unsigned)."""
    return pa.large_list(pa.field("element", pa.uint16() if bits == 16 else pa.uint32(), nullable=False))


class TokenizedDocument(StrictModel):
    """The tokens of a document. Ids are uint16 where the vocabulary has at most 65,536 tokens, else uint32."""

    doc_id: str = Field(pattern=DIGEST_PATTERN)
    """The document; its page is found by it."""
    source: SourceClass
    """Source class, which mixtures choose by."""
    collection: str = Field(min_length=1)
    """The corpus that it belongs to."""
    length: int = Field(ge=0)
    """How many tokens it has."""
    tokens: Annotated[tuple[int, ...], ArrowType(token_list(32))]
    """Its tokens, without any for its begin or end."""
    uri: str | None = None
    """Where it was found: an address, or the place in a file of others."""


def token_schema(bits: Bits, tokenizer_fingerprint: str) -> pa.Schema:
    """The columns of a token shard whose ids have so many bits (unsigned)."""
    schema = arrow_schema(TokenizedDocument)
    place = schema.get_field_index("tokens")
    named = stamp(schema.set(place, schema.field(place).with_type(token_list(bits))), "tokens")
    return named.with_metadata({**named.metadata, TOKENIZER_KEY: tokenizer_fingerprint.encode()})
