"""A fastText model's mean over the words of a text, and the scores of its labels, document by document.

The order of every sum is that of the text: a document's scores do not depend on the documents around it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, kernel, leaf

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.signedinteger]
Floats = npt.NDArray[np.floating]

LONGEST_CACHED = 24
"""Bytes of a word that the cache takes; longer ones (whole sentences of Chinese) hardly come again."""
CACHE_SLOTS = 1 << 17
"""Words that the cache holds at most, 14 MB with 16 dimensions."""
END_OF_LINE = np.frombuffer(b"</s>", np.uint8)
LABEL_PREFIX = np.frombuffer(b"__label__", np.uint8)
TINY = 1e-5
"""fastText adds it to what it takes the logarithm of (``std_log`` in ``src/loss.cc``)."""
_IS_SPACE = np.zeros(256, np.bool_)
_IS_SPACE[[0x00, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20]] = True


class Model(NamedTuple):
    """What the kernels need of a model; ``words`` are UTF-8 one after the other, word i ends at ``ends[i + 1]``."""

    words: Bytes
    ends: Integers
    table: Integers
    """int32[a power of two]: open addressing from a word's hash to its number, -1 where free."""
    bucket_rows: Integers
    rows: Floats
    shortest: int
    longest: int


class Cache(NamedTuple):
    """The sum of the rows of words met before; a word has one slot and takes it from the one before."""

    words: Bytes
    """uint8[slots, LONGEST_CACHED]."""
    lengths: Integers
    """int64[slots]: bytes of the word, 0 where the slot is free."""
    counts: Integers
    """int64[slots]: rows in the sum."""
    sums: Floats
    """float32[slots, dimensions]."""


def empty_cache(dimensions: int) -> Cache:
    """A cache without words."""
    return Cache(
        np.zeros((CACHE_SLOTS, LONGEST_CACHED), np.uint8),
        np.zeros(CACHE_SLOTS, np.int64),
        np.zeros(CACHE_SLOTS, np.int64),
        np.zeros((CACHE_SLOTS, dimensions), np.float32),
    )


@kernel
def word_table(words: Bytes, ends: Integers) -> Integers:
    """The ``table`` of a model's words."""
    count = len(ends) - 1
    size = 2
    while size < 2 * count:
        size *= 2
    table = np.full(size, -1, np.int32)
    for word in range(count):
        slot = _hash(words, ends[word], ends[word + 1]) & uint64(size - 1)
        while table[slot] >= 0:
            slot = (slot + uint64(1)) & uint64(size - 1)
        table[slot] = word
    return table


@kernel
def mean_rows(data: Bytes, starts: Integers, model: Model, cache: Cache) -> Floats:
    """float64[documents, dimensions]: the mean row of the words and n-grams of ``data[starts[d]:starts[d + 1]]``.

    Words lie between ASCII white space or NULs, and the end of a line is a word once a document, at its end: there, or
    where the text says so itself. Without rows the mean is not a number.
    """
    documents, dimensions = len(starts) - 1, model.rows.shape[1]
    means = np.zeros((documents, dimensions))
    scratch = np.zeros(dimensions, np.float32)
    found = np.empty(1 + (_longest_word(data) + 2) * max(model.longest, 0), np.int64)
    for document in range(documents):
        _mean_row(data, (starts[document], starts[document + 1]), model, cache, means[document], scratch, found)
    return means


@leaf
def _longest_word(data: Bytes) -> int:
    """Bytes of the longest run without white space."""
    longest, start = 0, 0
    for position in range(len(data)):
        if _IS_SPACE[data[position]]:
            longest = max(longest, position - start)
            start = position + 1
    return max(longest, len(data) - start)


@leaf
def _mean_row(  # noqa: PLR0917
    data: Bytes,
    span: tuple[int, int],
    model: Model,
    cache: Cache,
    mean: Floats,
    scratch: Floats,
    found: Integers,
) -> None:
    """Fill ``mean`` (zeros) with that of one document."""
    count = 0
    position, end = span
    while True:
        while position < end and _IS_SPACE[data[position]]:
            position += 1
        start = position
        while position < end and not _IS_SPACE[data[position]]:
            position += 1
        length = position - start
        if length == 0 or (length == len(END_OF_LINE) and _is_same(data, start, END_OF_LINE, 0, length)):
            break
        if length > LONGEST_CACHED:
            scratch[:] = 0
            count += _add_word(data, start, position, model, scratch, found)
            for i in range(len(mean)):
                mean[i] += scratch[i]
            continue
        slot = _slot(data, start, position)
        if cache.lengths[slot] != length or not _is_same(data, start, cache.words[slot], 0, length):
            cache.sums[slot, :] = 0
            cache.counts[slot] = _add_word(data, start, position, model, cache.sums[slot], found)
            for i in range(length):
                cache.words[slot, i] = data[start + i]
            cache.lengths[slot] = length
        count += cache.counts[slot]
        for i in range(len(mean)):
            mean[i] += cache.sums[slot, i]
    line_end = _find_word(END_OF_LINE, 0, len(END_OF_LINE), model)
    if line_end >= 0:
        for i in range(len(mean)):
            mean[i] += model.rows[line_end, i]
        count += 1
    for i in range(len(mean)):
        mean[i] = mean[i] / count if count > 0 else np.nan


@kernel
def tree_scores(means: Floats, output: Floats, children: Integers) -> Floats:
    """float64[documents, labels]: logarithms of probabilities by hierarchical softmax.

    ``children`` (int64[labels - 1, 2]) are the nodes below each inner node, of which the last is the root; inner node
    i has the number labels + i, labels have the numbers below.
    """
    inner = len(children)
    labels = inner + 1
    scores = np.zeros((len(means), labels + inner))
    for document in range(len(means)):
        for node in range(inner - 1, -1, -1):
            product = 0.0
            for i in range(means.shape[1]):
                product += means[document, i] * output[node, i]
            right = 1 / (1 + np.exp(-product))
            above = scores[document, labels + node]
            scores[document, children[node, 0]] = above + np.log(1 - right + TINY)
            scores[document, children[node, 1]] = above + np.log(right + TINY)
    return scores[:, :labels]


@kernel
def flat_scores(means: Floats, output: Floats) -> Floats:
    """float64[documents, labels]: logarithms of probabilities by softmax."""
    scores = np.zeros((len(means), len(output)))
    for document in range(len(means)):
        for label in range(len(output)):
            for i in range(means.shape[1]):
                scores[document, label] += means[document, i] * output[label, i]
        powers = np.exp(scores[document] - scores[document].max())
        scores[document] = np.log(powers / powers.sum() + TINY)
    return scores


@leaf
def _add_word(  # noqa: PLR0917
    data: Bytes, start: int, end: int, model: Model, total: Floats, found: Integers
) -> int:
    """Add the rows of a word and of its n-grams to ``total``; returns how many they are.

    ``found`` has room for the rows. Three loops, so that the processor waits for many rows at once: apart they take
    half of the time.
    """
    if end - start >= len(LABEL_PREFIX) and _is_same(data, start, LABEL_PREFIX, 0, len(LABEL_PREFIX)):
        return 0
    buckets = _buckets(data, start, end, model, found)
    count = 0
    for i in range(buckets):
        row = model.bucket_rows[found[i]]
        found[count] = row - 1
        count += int(row > 0)
    word = _find_word(data, start, end, model)
    if word >= 0:
        found[count] = word
        count += 1
    for i in range(count):
        _add(total, model.rows, found[i])
    return count


@leaf
def _buckets(data: Bytes, start: int, end: int, model: Model, found: Integers) -> int:
    """Write the buckets of a word's n-grams (``Dictionary::computeSubwords``); returns how many they are."""
    count, buckets = 0, uint64(len(model.bucket_rows))
    for first in range(start - 1, end + 1):
        if first >= start and _continues(data, first, end):
            continue
        position, value = first, uint64(0x811C9DC5)
        for characters in range(1, model.longest + 1):
            if position > end:
                break
            value = _hash_step(value, _marked(data, position, start, end))
            position += 1
            while _continues(data, position, end):
                value = _hash_step(value, data[position])
                position += 1
            is_mark = characters == 1 and (first < start or position > end)
            if characters >= model.shortest and not is_mark:
                found[count] = value % buckets
                count += 1
    return count


@leaf
def _marked(data: Bytes, position: int, start: int, end: int) -> np.uint8:
    """The byte of a word at ``position``, which fastText puts between angle brackets."""
    if position < start:
        return np.uint8(ord("<"))
    return data[position] if position < end else np.uint8(ord(">"))


@leaf
def _continues(data: Bytes, position: int, end: int) -> bool:
    """Whether a character of UTF-8 goes on at ``position``."""
    return position < end and data[position] & 0xC0 == 0x80


@leaf
def _add(total: Floats, rows: Floats, row: int) -> None:
    for i in range(len(total)):
        total[i] += rows[row, i]


@leaf
def _find_word(data: Bytes, start: int, end: int, model: Model) -> int:
    """The number of the word, -1 where the model does not know it."""
    mask = uint64(len(model.table) - 1)
    slot = _hash(data, start, end) & mask
    while model.table[slot] >= 0:
        word = model.table[slot]
        first, length = int(model.ends[word]), end - start
        if model.ends[word + 1] - first == length and _is_same(data, start, model.words, first, length):
            return int(word)
        slot = (slot + uint64(1)) & mask
    return -1


@leaf
def _is_same(left: Bytes, start: int, right: Bytes, right_start: int, length: int) -> bool:
    i = 0
    while i < length and left[start + i] == right[right_start + i]:
        i += 1
    return i == length


@leaf
def _slot(data: Bytes, start: int, end: int) -> int:
    """Where the cache keeps a word."""
    value = _hash(data, start, end)
    return int((value ^ (value >> uint64(16))) & uint64(CACHE_SLOTS - 1))


@leaf
def _hash(data: Bytes, start: int, end: int) -> np.uint64:
    """fastText's hash of some bytes (below 2^32)."""
    value = uint64(0x811C9DC5)
    for position in range(start, end):
        value = _hash_step(value, data[position])
    return value


@inlined
def _hash_step(value: np.uint64, byte: np.uint8) -> np.uint64:
    """FNV-1a of 32 bits, but that bytes from 0x80 on are negative numbers (``Dictionary::hash``)."""
    signed = uint64(byte) | (uint64(0xFFFFFF00) if byte >= 0x80 else uint64(0))
    return ((value ^ signed) * uint64(16777619)) & uint64(0xFFFFFFFF)
