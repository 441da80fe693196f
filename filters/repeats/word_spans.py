"""Where the normal words of texts stand, in bytes."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pyarrow as pa
from numba import njit

from filters.lexing.normal_words import normal_form
from filters.lexing.per_document import kept_offsets
from filters.lexing.words import lex
from filters.repeats.characters import Bytes, Integers
from filters.repeats.documents import utf8


@dataclass(frozen=True)
class WordSpans:
    """The bytes of every normal word within its document: ``start``, ``end`` (int64[words] each).

    Words are those of `filters.lexing.normal_words`, in its order; document d's are
    ``offsets[d]:offsets[d + 1]`` (int64[documents + 1]).
    """

    start: np.ndarray
    end: np.ndarray
    offsets: Integers


def word_spans(text: pa.LargeStringArray) -> WordSpans:
    """The places of the normal words; needed only where something is cut, so nothing else keeps them."""
    words = lex(text, "uax29")
    distinct, ids = np.unique(words.ids, return_inverse=True)
    strings = [words.vocabulary.strings[number] for number in distinct]
    encoded = [string.encode() for string in strings]
    letters = np.frombuffer(b"".join(encoded), np.uint8)
    ends = np.array([0, *accumulate(map(len, encoded))], np.int64)
    start, end = _find(*utf8(text), words.offsets, ids, (letters, ends))
    is_normal = np.array([bool(normal_form(string)) for string in strings], np.bool_)[ids]
    return WordSpans(start[is_normal], end[is_normal], kept_offsets(is_normal, words.offsets))


@njit(cache=True, nogil=True)
def _find(
    data: Bytes,
    text_offsets: Integers,
    word_offsets: Integers,
    ids: Integers,
    words: tuple[Bytes, Integers],
) -> tuple[Integers, Integers]:
    """Each word (id) where it first stands after the word before it: there is only white space between them.

    A word is found at the right place even where it begins with white space: what comes before it has nothing else.
    """
    letters, ends = words
    start, end = np.empty(len(ids), np.int64), np.empty(len(ids), np.int64)
    for document in range(len(text_offsets) - 1):
        begin = text_offsets[document]
        position = begin
        for word in range(word_offsets[document], word_offsets[document + 1]):
            first, length = ends[ids[word]], ends[ids[word] + 1] - ends[ids[word]]
            i = 0
            while i < length:
                if position + length > text_offsets[document + 1]:
                    raise ValueError("a word is not in the text that it was read from")
                if data[position + i] == letters[first + i]:
                    i += 1
                else:
                    position += 1
                    i = 0
            start[word] = position - begin
            position += length
            end[word] = position - begin
    return start, end
