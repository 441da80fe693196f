"""The JSON Schema that guides a teacher to one product: the form of its answers, with ends to texts and lists.

Without an end a small model goes on until its tokens are used up, and nothing can be parsed. A text may be a quarter
longer than the product allows: cut at the limit itself, it would pass as a good length. Of tokens there are twice as
many as allowed characters, which is 1.6 for each character of the longest text: enough also for Chinese. A text of
emoji alone took 2.3 and may still be cut.
"""

import math

from pydantic import BaseModel, JsonValue

from datagen.structured import answer_schema
from schemas.summaries.product import Product

TOKENS_PER_CHARACTER = 1
"""An upper limit: tokens of scripts that tokenizers know badly."""
JSON_TOKENS = 64
"""Room for the form around the text."""
ROOM = 2
"""How many times the tokens that the product's longest answer needs may be written."""
TEXT_ROOM = 1.25
"""How many times the product's length a text may have."""


def guiding_schema(form: type[BaseModel], product: Product) -> dict[str, JsonValue]:
    """The schema of ``form`` with ``maxLength`` of texts and ``maxItems`` of lists."""
    schema = answer_schema(form)
    fields = schema.get("properties")
    if isinstance(fields, dict):
        schema["properties"] = {name: _with_end(field, product) for name, field in fields.items()}
    return schema


def _with_end(field: JsonValue, product: Product) -> JsonValue:
    if not isinstance(field, dict) or "enum" in field:
        return field
    if field.get("type") == "array":
        most = product.items.max if product.items else 1
        return {**field, "maxItems": most, "items": _with_end(field.get("items"), product)}
    return {**field, "maxLength": longest_text(product)} if field.get("type") == "string" else field


def longest_text(product: Product) -> int:
    """Characters of one text: a bullet's part of the whole, a whole reply, or all there is."""
    parts = product.items.max if product.form == "bullets" and product.items else 1
    return math.ceil(TEXT_ROOM * product.characters.max / parts)


def longest_answer(product: Product) -> int:
    """Tokens that the longest allowed answer can need, with room to be too long: a cut answer teaches nothing."""
    pieces = product.items.max if product.form == "replies" and product.items else 1
    return JSON_TOKENS + TOKENS_PER_CHARACTER * product.characters.max * pieces
