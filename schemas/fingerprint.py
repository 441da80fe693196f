"""A short name for a piece of configuration: it changes exactly when what it says does."""

import json

import xxhash
from pydantic import JsonValue


def canonical_json(value: JsonValue) -> str:
    """JSON with sorted keys, no spaces and ASCII only: one text for one value. Raises ValueError for NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def fingerprint(value: JsonValue) -> str:
    """Hex of xxh3-128 over the canonical JSON of ``value``."""
    return xxhash.xxh3_128_hexdigest(canonical_json(value).encode())
