"""The sentences of documents, as spans of their bytes."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.classifier.sentence_kernels import join_kept, split


@dataclass(frozen=True)
class Sentences:
    """The sentences of some documents, without the white space around them.

    ``spans`` (shape (n, 2)) are start and end in ``data`` (UTF-8 bytes, uint8); document i has those from
    ``offsets[i]`` to ``offsets[i + 1]`` and its text is ``data[text_offsets[i] : text_offsets[i + 1]]``; int64.
    """

    data: np.ndarray
    text_offsets: np.ndarray
    spans: np.ndarray
    offsets: np.ndarray

    def texts(self) -> pa.LargeStringArray:
        """Every sentence as a string."""
        if not len(self.spans):
            return pa.array([], pa.large_string())
        bounds = pa.py_buffer(self.spans.ravel())
        pieces = pa.LargeStringArray.from_buffers(2 * len(self.spans) - 1, bounds, pa.py_buffer(self.data))
        # Every second piece is the white space between two sentences.
        return pieces.take(pa.array(np.arange(0, len(pieces), 2)))

    def without(self, removed: np.ndarray) -> pa.LargeStringArray:
        """The documents without some sentences (bool for each) and without the white space around those."""
        data, offsets = join_kept(self.data, self.text_offsets, self.spans, self.offsets, ~removed)
        return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def split_sentences(text: pa.LargeStringArray) -> Sentences:
    """The sentences of every document.

    A sentence ends at its line's end, or at ``.!?…`` (and closing quotes or brackets) before white space that no
    lower-case letter follows, or at ``。！？``. An abbreviation splits one now and then: more is scored apart.
    """
    _, offset_buffer, data_buffer = text.buffers()
    offsets = np.zeros(1, np.int64)
    if len(text):
        offsets = np.frombuffer(offset_buffer, np.int64, len(text) + 1, text.offset * 8)
    data = np.zeros(0, np.uint8) if data_buffer is None else np.frombuffer(data_buffer, np.uint8)
    spans, sentence_offsets = split(data, offsets)
    return Sentences(data, offsets, spans, sentence_offsets)
