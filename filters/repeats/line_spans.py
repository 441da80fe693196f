"""Kernel: where the lines or paragraphs of texts stand, and how many words they have."""

from dataclasses import dataclass

import numpy as np

from filters.kernel import kernel
from filters.lexing.characters import LETTER, SPACE, WORD, Bytes, Integers, kind_at, kinds

NEWLINE = 0x0A


@dataclass(frozen=True)
class LineSpans:
    """The lines (paragraphs) of some texts that are not blank, one after the other: int64[lines] each.

    ``start`` and ``end`` are the bytes of ``document`` from the first to the last character that is no white space,
    ``words`` the runs without white space in them that have a letter or digit; of scripts that put no space between
    words (`filters.lexing.characters.WITHOUT_SPACES`), every letter.
    """

    document: Integers
    start: Integers
    end: Integers
    words: Integers


def line_spans(data: Bytes, offsets: Integers, *, paragraphs: bool) -> LineSpans:
    r"""The lines of the texts ``data[offsets[i] : offsets[i + 1]]`` (uint8, int64[documents + 1]).

    Lines end at ``\n``, as in `filters.lexing.lines`; a paragraph is lines without a blank one between them.
    """
    document, start, end, words = _spans(data, offsets, kinds(), paragraphs)
    return LineSpans(document, start, end, words)


@kernel
def _spans(data: Bytes, offsets: Integers, kind: Bytes, paragraphs: bool) -> Integers:
    most = len(offsets) + np.count_nonzero(data[offsets[0] : offsets[-1]] == NEWLINE)
    found, spans = 0, np.empty((4, most), np.int64)
    for document in range(len(offsets) - 1):
        begin = position = int(offsets[document])
        # Of the line that is open: where it starts (-1: none is) and ends so far, and its words.
        start, end, words = -1, 0, 0
        in_word, is_blank = False, True
        while position < offsets[document + 1]:
            what, length = kind_at(data, position, kind)
            if what == SPACE:
                in_word = False
                if data[position] == NEWLINE:
                    if start >= 0 and (is_blank or not paragraphs):
                        spans[:, found] = document, start - begin, end - begin, words
                        found, start, words = found + 1, -1, 0
                    is_blank = True
            else:
                start = position if start < 0 else start
                end, is_blank = position + length, False
                words += int(what == WORD or (what == LETTER and not in_word))
                in_word = what == LETTER or (in_word and what != WORD)
            position += length
        if start >= 0:
            spans[:, found] = document, start - begin, end - begin, words
            found += 1
    return spans[:, :found]
