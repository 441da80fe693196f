"""Counts repeated elements and n-grams as DCLM does, document by document, over integers."""

import numpy as np
import numpy.typing as npt

from filters.gopher.kernels import find_or_add, table_size
from filters.kernel import kernel

Integers = npt.NDArray[np.signedinteger]

SMALLEST, TOP_LARGEST, LARGEST = 2, 4, 10
"""Words in an n-gram; up to ``TOP_LARGEST`` the most frequent one is measured, above it all that are repeated."""


@kernel
def repeated(ids: Integers, lengths: Integers, offsets: Integers) -> tuple[Integers, Integers]:
    """Of each document, how many elements occur more than once, and their characters (int64[documents] each).

    ``ids`` (int32[elements]) are equal for equal elements and below their number.
    """
    documents = len(offsets) - 1
    count, characters = np.zeros(documents, np.int64), np.zeros(documents, np.int64)
    occurrences = np.zeros(ids.max() + 1 if len(ids) else 0, np.int64)
    for document in range(documents):
        for element in range(offsets[document], offsets[document + 1]):
            occurrences[ids[element]] += 1
        for element in range(offsets[document], offsets[document + 1]):
            if occurrences[ids[element]] > 1:
                count[document] += 1
                characters[document] += lengths[element]
        for element in range(offsets[document], offsets[document + 1]):
            occurrences[ids[element]] = 0
    return count, characters


@kernel
def ngram_characters(ids: Integers, lengths: Integers, offsets: Integers) -> Integers:
    """int64[n - 2, documents]: characters in repeated n-grams of each document, for n = 2 to 10.

    Up to n = 4: the occurrences of the most frequent n-gram times its characters (of equally frequent ones the
    longest), 0 where none is repeated; above: those of all words in repeated n-grams. ``ids`` (int32[words]) are the
    words, ``lengths`` their characters.
    """
    documents = len(offsets) - 1
    result = np.zeros((LARGEST - SMALLEST + 1, documents), np.int64)
    longest = 0
    for document in range(documents):
        longest = max(longest, offsets[document + 1] - offsets[document])
    space = (np.empty(table_size(longest), np.int64), np.empty(longest, np.uint64), np.empty(longest, np.int64))
    first, counts = np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int64)
    for document in range(documents):
        start, end = int(offsets[document]), int(offsets[document + 1])
        words, length = ids[start:end], lengths[start:end]
        # Every "0-gram" is the same one, and repeated.
        first[: len(words) + 1] = 0
        counts[: len(words) + 1] = 2
        for n in range(1, min(LARGEST, len(words)) + 1):
            if not _count_repeated(words, n, first, counts, space):
                break
            ngrams = len(words) - n + 1
            if SMALLEST <= n <= TOP_LARGEST:
                result[n - SMALLEST, document] = _top(length, n, counts[:ngrams])
            elif n > TOP_LARGEST:
                result[n - SMALLEST, document] = _covered(length, n, counts[:ngrams])
    return result


@kernel
def _count_repeated(
    words: Integers, n: int, first: Integers, counts: Integers, space: tuple[Integers, npt.NDArray[np.uint64], Integers]
) -> bool:
    """Go from (n-1)-grams to n-grams; False where none can be repeated.

    ``first`` says for each position where its n-gram first occurs, ``counts`` how often it occurs. Only where both of
    its (n-1)-grams are repeated can an n-gram be; all others count 1.
    """
    table, keys, occurrences = space
    ngrams, candidates = len(words) - n + 1, 0
    for i in range(ngrams):
        if counts[i] > 1 and counts[i + 1] > 1:
            keys[i] = np.uint64(first[i]) << np.uint64(32) | np.uint64(words[i + n - 1])
            first[i] = i
            candidates += 1
        else:
            first[i] = -1
    size = table_size(candidates)
    table[:size] = -1
    occurrences[:ngrams] = 0
    for i in range(ngrams):
        if first[i] >= 0:
            first[i] = find_or_add(table, size, keys, i)
            occurrences[first[i]] += 1
    for i in range(ngrams):
        counts[i] = occurrences[first[i]] if first[i] >= 0 else 1
    return candidates > 0


@kernel
def _top(lengths: Integers, n: int, counts: Integers) -> int:
    most, longest = counts.max(), 0
    if most == 1:
        return 0
    for i in range(len(counts)):
        if counts[i] == most:
            longest = max(longest, lengths[i : i + n].sum())
    return most * longest


@kernel
def _covered(lengths: Integers, n: int, counts: Integers) -> int:
    characters, covered = 0, 0
    for i in range(len(counts)):
        if counts[i] > 1:
            characters += lengths[max(i, covered) : i + n].sum()
            covered = i + n
    return characters
