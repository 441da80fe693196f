"""What two documents have in common when they are the same: a key of their address, a key of their text."""

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import xxhash

from filters.batch import Batch
from filters.lexing.hashed_words import words_of
from filters.url.canonical import canonical_uri
from schemas.recipe.deduplicate import TextDuplicates

KEY_TYPE = pa.binary(16)
"""xxh3-128: that two different things among 10^12 share one has a probability of 10^-15."""

Scopes = Iterable[str]
"""A prefix for each document: only documents of one scope can have equal keys."""


def url_keys(addresses: pa.StringArray, scopes: Scopes) -> pa.FixedSizeBinaryArray:
    """The keys of the canonical form of each document's address."""
    return _keys(
        f"{scope}\n{canonical_uri(address)}".encode(errors="surrogatepass")
        for scope, address in zip(scopes, addresses.to_pylist(), strict=True)
    )


def text_keys(batch: Batch, scopes: Scopes, settings: TextDuplicates) -> pa.FixedSizeBinaryArray:
    """The keys of each document's text after the recipe's normalisation."""
    content = _NORMALISATIONS[settings.normalisation](batch)
    return _keys(scope.encode() + b"\n" + text for scope, text in zip(scopes, content, strict=True))


def _exact(batch: Batch) -> Iterable[bytes]:
    return (text.encode() for text in batch.text.to_pylist())


def _whitespace(batch: Batch) -> Iterable[bytes]:
    return (" ".join(text.split()).encode() for text in batch.text.to_pylist())


def _words(batch: Batch) -> Iterable[bytes]:
    words = words_of(batch.text)
    return (part.tobytes() for part in np.split(words.hash, words.offsets[1:-1]))


_NORMALISATIONS: dict[str, Callable[[Batch], Iterable[bytes]]] = {
    "exact": _exact,
    "whitespace": _whitespace,
    "words": _words,
}


def _keys(contents: Iterable[bytes]) -> pa.FixedSizeBinaryArray:
    return pa.array([xxhash.xxh3_128_digest(content) for content in contents], KEY_TYPE)


def halves(keys: pa.FixedSizeBinaryArray) -> tuple[np.ndarray, np.ndarray]:
    """The upper and the lower 64 bits of keys of 16 bytes, as numbers (uint64[keys] each) that sort as the bytes do."""
    data = np.frombuffer(keys.buffers()[1], ">u8")[2 * keys.offset : 2 * (keys.offset + len(keys))].reshape(-1, 2)
    return data[:, 0].astype(np.uint64), data[:, 1].astype(np.uint64)


def hex_of(upper: np.ndarray, lower: np.ndarray) -> list[str]:
    """32 hex digits for each pair of halves: a ``doc_id`` as documents carry it."""
    return [f"{high:016x}{low:016x}" for high, low in zip(upper.tolist(), lower.tolist(), strict=True)]
