"""The unit of work: a block of documents, and what a family of measures says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from filters.lexing.lines import Lines, split_lines
from schemas.lexers import Lexer

if TYPE_CHECKING:
    from filters.lexing.words import Words


@dataclass(frozen=True)
class Batch:
    """Some documents (a few MB of text), lexed on first use and at most once.

    ``text`` is large_string, ``uri`` and ``language`` are string; all of the same length, ``text`` without nulls.
    ``language`` is the ISO 639-1 code found for each document, null where unknown.
    """

    text: pa.LargeStringArray
    uri: pa.StringArray
    language: pa.StringArray
    _lexed: "dict[Lexer, Words]" = field(default_factory=dict, repr=False, compare=False)
    _lines: list[Lines] = field(default_factory=list, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.text)

    def lines(self) -> Lines:
        """The lines of every document."""
        if not self._lines:
            self._lines.append(split_lines(self.text))
        return self._lines[0]

    def words(self, lexer: Lexer) -> "Words":
        """The words of every document as integers, split by ``lexer``."""
        # Imported late: the kernels bring Numba, 60 MB that a process which only starts others need not hold.
        from filters.lexing.words import lex  # noqa: PLC0415

        if lexer not in self._lexed:
            self._lexed[lexer] = lex(self.text, lexer)
        return self._lexed[lexer]

    def with_text(self, text: pa.LargeStringArray) -> Self:
        """The same documents with another text."""
        return replace(self, text=text, _lexed={}, _lines=[])

    def with_language(self, language: pa.StringArray) -> Self:
        """The same documents with their language known; the lexing is kept."""
        return replace(self, language=language)

    def take(self, rows: np.ndarray) -> Self:
        """The documents at ``rows`` (int64 positions)."""
        index = pa.array(rows)
        return replace(
            self,
            text=self.text.take(index),
            uri=self.uri.take(index),
            language=self.language.take(index),
            _lexed={},
            _lines=[],
        )


@dataclass(frozen=True)
class Measurement:
    """What one family says of a batch: a value per document and signal, and perhaps an edited text.

    ``signals`` maps every signal name of the step to an array of the batch's length (nulls: not measurable).
    ``detail`` may give, for a rule's field name, a string per document that explains its value (which list matched).
    """

    signals: Mapping[str, pa.Array]
    text: pa.LargeStringArray | None = None
    language: pa.StringArray | None = None
    detail: Mapping[str, pa.StringArray] = field(default_factory=dict)


Measure = Callable[[Batch], Measurement]
"""A family made ready: its lists and models are loaded, it only computes."""
