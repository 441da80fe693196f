"""What a library has to say and do for a tokenizer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.tokenize.cutting.boundaries import Boundaries
from pipelines.tokenize.cutting.merges import Merges


@dataclass(frozen=True)
class Cuttable:
    """Texts may be cut at ``boundaries``, for the reason ``why``."""

    boundaries: Boundaries
    why: str
    merges: Merges | None = None
    """What a segment is encoded by without the library; None: only by the library."""


@dataclass(frozen=True)
class Whole:
    """Texts must be encoded whole, for the reason ``why``."""

    why: str


class Library(Protocol):
    """A model, encoded with by the library that it was made for."""

    @property
    def name(self) -> str:
        """The library and its release, and what it read."""
        ...

    @property
    def identity(self) -> str:
        """Hex of xxh3-128 over the model and the library's release."""
        ...

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        ...

    def cutting(self) -> Cuttable | Whole:
        """Where texts can be cut so that their parts, encoded alone, give the ids of the whole."""
        ...

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text, without any that stand for its begin or end."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """The text that tokens stand for."""
        ...

    def pieces(self) -> list[str]:
        """What each id is called, for reports."""
        ...

    def byte_ids(self) -> frozenset[int]:
        """The ids that stand for a single byte in place of a character that the vocabulary lacks."""
        ...

    def markers(self) -> frozenset[int]:
        """The ids that stand for no text, such as those for the begin and the end of one."""
        ...
