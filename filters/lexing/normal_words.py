"""Words as they are compared across documents: without case, punctuation or typography.

MinHash and decontamination look for the same passage in other dress, so "Don't", "DON’T" and "dont" are one word here.
"""

import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import xxhash
from numba import njit

from filters.lexing.growing import GrowingArray
from filters.lexing.vocabulary import Vocabulary
from filters.lexing.words import Words

NO_WORD = 0
"""The hash that stands for a word which is dropped; that a real one has it is as likely as any collision, 2^-64."""

_hashes: "WeakKeyDictionary[Vocabulary, GrowingArray]" = WeakKeyDictionary()
_lock = threading.Lock()


@dataclass(frozen=True)
class NormalWords:
    """The normal words of some documents, one after the other, as hashes.

    ``hashes`` is uint64[words], xxh3-64 of the UTF-8 bytes of `normal_form`; the words of document d are
    ``hashes[offsets[d]:offsets[d + 1]]`` (int64[documents + 1]). Equal in every process and for every lexing order.
    """

    hashes: np.ndarray
    offsets: np.ndarray

    @property
    def per_document(self) -> np.ndarray:
        """int64[documents]: number of normal words in each document."""
        return np.diff(self.offsets)


def normal_words(words: Words) -> NormalWords:
    """The normal words of documents lexed by ``uax29``; a word is looked at once in a vocabulary's life."""
    return NormalWords(*_gather(_vocabulary_hashes(words.vocabulary), words.ids, words.offsets))


def normal_form(word: str) -> str:
    """The form in which two words are compared, empty for one without letters and digits (Unicode's L and N).

    It is NFKC, casefolded, and holds only letters, digits and marks: "don't" is "dont", "U.S." is "us", "ﬁ" is "fi".
    Marks that show nothing are left out, as in Unicode's NFKC_Casefold (https://www.unicode.org/reports/tr44/).
    """
    if word.isascii():
        return word.lower() if word.isalnum() else "".join(filter(str.isalnum, word)).lower()
    if not any(map(str.isalnum, word)):
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    if folded.isalnum():
        return folded
    kept = folded.translate(_kept)
    # What was removed may have kept a letter and its mark apart.
    return unicodedata.normalize("NFKC", kept) if any(map(str.isalnum, kept)) else ""


class _Kept(dict[int, int | None]):
    """Of each code point, itself if it is a letter, a digit or a mark, else None; looked up once."""

    def __missing__(self, point: int) -> int | None:
        keep = unicodedata.category(chr(point))[0] in "LNM" and not _shows_nothing(point)
        self[point] = found = point if keep else None
        return found


def _shows_nothing(point: int) -> bool:
    """The marks among Unicode's default-ignorable characters: joiners, vowels never seen, variation selectors."""
    selector = 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
    return selector or point in (0x034F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F)


_kept = _Kept()


def _vocabulary_hashes(vocabulary: Vocabulary) -> np.ndarray:
    """uint64[words of the vocabulary]: the hash of each word's normal form, `NO_WORD` where there is none."""
    with _lock:
        known = _hashes.get(vocabulary)
        if known is None:
            known = _hashes[vocabulary] = GrowingArray(np.uint64)
        # Another thread may be adding words right now; those are in no text that was lexed before.
        known.extend(_hash(vocabulary.strings[len(known.values) :]))
        return known.values


def _hash(words: Iterable[str]) -> list[int]:
    forms = map(normal_form, words)
    return [xxhash.xxh3_64_intdigest(form.encode()) if form else NO_WORD for form in forms]


@njit(cache=True, nogil=True)
def _gather(facts: np.ndarray, ids: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hashes of all words that are kept, and the number of them before each document."""
    hashes = np.empty(len(ids), np.uint64)
    kept_offsets = np.zeros(len(offsets), np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        for position in range(offsets[document], offsets[document + 1]):
            hashes[found] = facts[ids[position]]
            found += int(hashes[found] != 0)  # no branch: it would be mispredicted at every comma
        kept_offsets[document + 1] = found
    return hashes[:found].copy(), kept_offsets
