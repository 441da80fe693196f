"""How well a tokenizer fits a corpus: fertility, compression, coverage, unused pieces, and whether texts return."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from filters.lexing.hashed_words import words_of
from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.sample import Report, SampledText, sample_texts
from pipelines.tokenize.tokenizer import Tokens
from schemas.tokenizer import (
    BrokenRoundTrip,
    StratumColumn,
    TokenizerMeasures,
    TokenizerReport,
    TokenizerSettings,
)

COLUMNS: tuple[StratumColumn, ...] = ("source", "collection", "language")
_TEXTS = 500
"""Documents looked at together."""
_EXAMPLES = 20
_AROUND = 40
"""Characters shown of a text that does not come back."""


@dataclass(frozen=True)
class _Facts:
    """int64[documents] each."""

    bytes: np.ndarray
    words: np.ndarray
    tokens: np.ndarray
    byte_tokens: np.ndarray
    baseline_tokens: np.ndarray | None


def report_tokenizer(
    tokenizer: CachedTokenizer, baseline: CachedTokenizer | None, inputs: Sequence[str], sample_mb: int, report: Report
) -> TokenizerReport:
    """Measure on a sample of documents, stratified by source, collection and language.

    Raises ``InputError`` or ``TokenizerError`` where the inputs are no documents.
    """
    settings = TokenizerSettings(vocab_size=max(300, tokenizer.vocab_size), sample_mb=sample_mb, stratify=COLUMNS)
    sample = sample_texts(inputs, settings, report)
    seen = np.zeros(tokenizer.vocab_size, np.bool_)
    parts: list[_Facts] = []
    broken: list[BrokenRoundTrip] = []
    for documents in _parts(sample.documents):
        report(f"measuring: {len(parts) * _TEXTS:,} of {len(sample.documents):,} documents")
        text = pa.array([document.text for document in documents], pa.large_string())
        tokens = tokenizer.encode(text)
        seen[tokens.ids] = True
        parts.append(_facts(text, tokens, tokenizer, baseline))
        broken += _broken(documents, tokens, tokenizer)
    unused = _unused(tokenizer, seen)
    return TokenizerReport(
        tokenizer=tokenizer.description,
        baseline=baseline.description if baseline else None,
        vocab_size=tokenizer.vocab_size,
        fingerprint=tokenizer.fingerprint,
        sample_digest=sample.digest,
        measures=tuple(_measures([document.stratum for document in sample.documents], _joined(parts))),
        unused=len(unused),
        unused_examples=tuple(unused[:_EXAMPLES]),
        broken=len(broken),
        first_broken=broken[0] if broken else None,
    )


def _parts(documents: Sequence[SampledText]) -> Iterator[Sequence[SampledText]]:
    for start in range(0, len(documents), _TEXTS):
        yield documents[start : start + _TEXTS]


def _facts(
    text: pa.LargeStringArray, tokens: Tokens, tokenizer: CachedTokenizer, baseline: CachedTokenizer | None
) -> _Facts:
    is_byte = np.zeros(tokenizer.vocab_size, np.int64)
    is_byte[list(tokenizer.library.byte_ids())] = 1
    bytes_before = np.concatenate([[0], np.cumsum(is_byte[tokens.ids])])
    return _Facts(
        bytes=np.diff(np.frombuffer(text.buffers()[1], np.int64)[: len(text) + 1]),
        words=np.diff(words_of(text).offsets),
        tokens=np.diff(tokens.offsets),
        byte_tokens=np.diff(bytes_before[tokens.offsets]),
        baseline_tokens=None if baseline is None else np.diff(baseline.encode(text).offsets),
    )


def _joined(parts: Sequence[_Facts]) -> _Facts:
    baselines = [part.baseline_tokens for part in parts if part.baseline_tokens is not None]
    return _Facts(
        bytes=np.concatenate([part.bytes for part in parts]),
        words=np.concatenate([part.words for part in parts]),
        tokens=np.concatenate([part.tokens for part in parts]),
        byte_tokens=np.concatenate([part.byte_tokens for part in parts]),
        baseline_tokens=np.concatenate(baselines) if baselines else None,
    )


def _measures(strata: Sequence[tuple[str, ...]], facts: _Facts) -> Iterator[TokenizerMeasures]:
    """For all documents, then for the values of every column, the largest groups first."""
    yield _measure("all", np.ones(len(strata), np.bool_), facts)
    for place, column in enumerate(COLUMNS):
        values = np.array([stratum[place] for stratum in strata])
        groups = [_measure(f"{column}={value}", values == value, facts) for value in np.unique(values)]
        yield from sorted(groups, key=lambda group: (-group.bytes, group.group))


def _measure(group: str, rows: np.ndarray, facts: _Facts) -> TokenizerMeasures:
    size, words, tokens = (int(values[rows].sum()) for values in (facts.bytes, facts.words, facts.tokens))
    baseline = None if facts.baseline_tokens is None else int(facts.baseline_tokens[rows].sum())
    return TokenizerMeasures(
        group=group,
        documents=int(rows.sum()),
        bytes=size,
        words=words,
        tokens=tokens,
        byte_tokens=int(facts.byte_tokens[rows].sum()),
        fertility=tokens / max(1, words),
        bytes_per_token=size / max(1, tokens),
        baseline_bytes_per_token=None if baseline is None else size / max(1, baseline),
    )


def _broken(documents: Sequence[SampledText], tokens: Tokens, tokenizer: CachedTokenizer) -> Iterator[BrokenRoundTrip]:
    """The documents that do not come back."""
    for document, (start, end) in zip(documents, pairwise(tokens.offsets.tolist()), strict=True):
        decoded = tokenizer.decode(tokens.ids[start:end].tolist())
        if decoded != document.text:
            pairs = enumerate(zip(document.text, decoded, strict=False))
            place = next((i for i, (a, b) in pairs if a != b), min(len(document.text), len(decoded)))
            yield BrokenRoundTrip(
                doc_id=document.doc_id,
                position=place,
                text=document.text[place : place + _AROUND],
                decoded=decoded[place : place + _AROUND],
            )


def _unused(tokenizer: CachedTokenizer, seen: np.ndarray) -> list[str]:
    """Names of the ids that never came, of those that texts can have."""
    left_out = tokenizer.library.byte_ids() | tokenizer.library.markers()
    names: Iterable[tuple[int, str]] = enumerate(tokenizer.library.pieces())
    return [name for number, name in names if name and not seen[number] and number not in left_out]
