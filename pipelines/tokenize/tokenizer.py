"""What a tokenizer is for the rest of Orchard: texts in, token ids and offsets out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ids = npt.NDArray[np.uint16 | np.uint32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tokens:
    """The tokens of some texts: those of text t are ``ids[offsets[t]:offsets[t + 1]]``."""

    ids: Ids
    """uint16 where the vocabulary has at most 65,536 tokens, else uint32."""
    offsets: Integers
    """int64[texts + 1], from 0."""


class Tokenizer(Protocol):
    """Encodes batches of texts; one object is used by one thread at a time."""

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex of xxh3-128 over all that decides the ids: the model and the release of its library."""
        ...

    @property
    def description(self) -> str:
        """The library and its model, and how texts are cut for it or why they are not."""
        ...

    def encode(self, text: pa.LargeStringArray) -> Tokens:
        """The tokens of every text, without any that stand for its begin or end; none for a null."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """The text that tokens stand for."""
        ...


def id_type(vocab_size: int) -> type[np.uint16] | type[np.uint32]:
    """The smallest type that holds every id: uint16 or uint32."""
    return np.uint16 if vocab_size <= 1 << 16 else np.uint32
