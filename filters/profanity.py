"""Measures listed words in documents, by the list of their language, and removes the sentences that have one."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.c4.bad_words import WITHOUT_SPACES, read_lists
from filters.classifier.sentence_split import split_sentences
from filters.errors import SettingError
from filters.lists import find_list
from filters.word_search import Match, WordSearch, lower
from schemas.steps.profanity import Profanity


@dataclass(frozen=True)
class Findings:
    """What the listed words of one document come to."""

    count: int
    distinct: int
    share: float
    longest_run: int


def prepare(step: Profanity) -> Measure:
    """Load the lists. Raises ``SettingError`` where the folder or the list of a named language is missing."""
    lists = read_lists(find_list(step.lists))
    for code in step.languages:
        if code not in lists:
            raise SettingError(f"no word list for language {code!r} in {step.lists}; it has {', '.join(sorted(lists))}")

    @cache
    def search(codes: tuple[str, ...]) -> WordSearch:
        whole = [entry for code in codes if code not in WITHOUT_SPACES for entry in lists[code]]
        inside = [entry for code in codes if code in WITHOUT_SPACES for entry in lists[code]]
        return WordSearch(whole, inside)

    def groups(batch: Batch) -> Iterator[tuple[WordSearch, np.ndarray]]:
        """The documents that are measured, by the search that measures them."""
        if step.languages:
            yield search(step.languages), np.arange(len(batch))
            return
        for code in pc.unique(batch.language).to_pylist():
            if code in lists:
                yield search((code,)), np.flatnonzero(pc.fill_null(pc.equal(batch.language, code), False))

    def measure(batch: Batch) -> Measurement:
        measured = np.zeros(len(batch), dtype=bool)
        found: dict[int, Findings] = {}
        removed = np.zeros(len(batch), dtype=np.int32)
        text = batch.text
        for words, members in groups(batch):
            measured[members] = True
            rows = members[np.asarray(words.contained(batch.text.take(pa.array(members))))]
            texts = batch.text.take(pa.array(rows))
            for row, lowered in zip(rows.tolist(), lower(texts).to_pylist(), strict=True):
                found[row] = summarise(lowered, words.matches(lowered))
            if step.remove_sentences and len(rows):
                edited, removed[rows] = without_sentences(texts, words)
                mask = np.zeros(len(batch), dtype=bool)
                mask[rows] = True
                text = pc.replace_with_mask(text, pa.array(mask), edited)
        signals = _signals(found, measured) | {"removed_sentences": pa.array(removed, mask=~measured)}
        return Measurement(signals=signals, text=text if removed.any() else None)

    return measure


def summarise(lowered: str, matches: list[Match]) -> Findings:
    """The signals of one document from its text in lower case and the entries found in it."""
    longest = run = 0
    for position, match in enumerate(matches):
        between = lowered[matches[position - 1].end : match.start] if position else ""
        run = run + 1 if not any(map(str.isalnum, between)) else 1
        longest = max(longest, run)
    share = sum(len(match.entry) for match in matches) / max(1, len(lowered))
    return Findings(len(matches), len({match.entry for match in matches}), share, longest)


def without_sentences(texts: pa.LargeStringArray, words: WordSearch) -> tuple[pa.LargeStringArray, np.ndarray]:
    """The texts without the sentences that have an entry, and how many those were in each (int32)."""
    sentences = split_sentences(texts)
    listed = np.asarray(words.contained(sentences.texts()))
    removed = np.diff(np.concatenate([[0], np.cumsum(listed)])[sentences.offsets])
    return sentences.without(listed), removed.astype(np.int32)


def _signals(found: dict[int, Findings], measured: np.ndarray) -> dict[str, pa.Array]:
    types = {"count": pa.int32(), "distinct": pa.int32(), "share": pa.float32(), "longest_run": pa.int32()}
    nothing = Findings(0, 0, 0.0, 0)
    rows = [found.get(row, nothing) for row in range(len(measured))]
    return {
        name: pa.array([getattr(findings, name) for findings in rows], dtype, mask=~measured)
        for name, dtype in types.items()
    }
