"""Encodings of OpenAI, encoded by the library tiktoken, which is an extra: ``pip install 'orchard[tiktoken]'``."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

import xxhash

from pipelines.tokenize.cutting.boundaries import by_pattern
from pipelines.tokenize.cutting.patterns import PATTERNS
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.library import Cuttable, Whole


class Encoding(Protocol):
    """What is used of ``tiktoken.Encoding``."""

    name: str
    max_token_value: int
    _pat_str: str
    _mergeable_ranks: dict[bytes, int]

    def encode_ordinary_batch(self, text: list[str], *, num_threads: int = 8) -> list[list[int]]:
        """The ids of each text; special tokens are text like any other."""
        ...

    def decode_bytes(self, tokens: Sequence[int]) -> bytes:
        """The bytes that tokens stand for."""
        ...


def open_encoding(name: str) -> "TiktokenLibrary":
    """The encoding of that name, such as ``cl100k_base``. Raises TokenizerError."""
    try:
        import tiktoken  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise TokenizerError(f"tiktoken:{name} needs another package: pip install 'orchard[tiktoken]'") from error
    try:
        return TiktokenLibrary(tiktoken.get_encoding(name))
    except ValueError as error:
        known = ", ".join(tiktoken.list_encoding_names())
        raise TokenizerError(f"tiktoken:{name}: there is no such encoding; there are {known}") from error
    except OSError as error:
        raise TokenizerError(
            f"tiktoken:{name}: its file cannot be fetched ({type(error).__name__}). Put it into a folder, and name "
            "that in TIKTOKEN_CACHE_DIR"
        ) from error


class TiktokenLibrary:
    """An encoding; texts are split by its expression."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self.vocab_size = encoding.max_token_value + 1
        release = version("tiktoken")
        self.name = f"tiktoken {release}, {encoding.name}"
        digest = xxhash.xxh3_128(f"{release}\0{encoding._pat_str}".encode())
        for token, rank in sorted(encoding._mergeable_ranks.items()):
            digest.update(rank.to_bytes(4, "little") + len(token).to_bytes(4, "little") + token)
        self.identity = digest.hexdigest()

    def cutting(self) -> Cuttable | Whole:
        """Where its expression splits too, if that is known."""
        if self._encoding._pat_str not in PATTERNS:
            return Whole("what it splits texts by is not known to be safe")
        boundaries = by_pattern(PATTERNS[self._encoding._pat_str], tokens=self._encoding._mergeable_ranks)
        return Cuttable(boundaries, "cut where its expression splits, too")

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text."""
        return self._encoding.encode_ordinary_batch(texts, num_threads=1)

    def decode(self, ids: Sequence[int]) -> str:
        """The text that tokens stand for; what is no UTF-8 becomes U+FFFD."""
        return self._encoding.decode_bytes(list(ids)).decode(errors="replace")

    def pieces(self) -> list[str]:
        """The bytes of each token as Python writes them; empty for ids that are none."""
        names = [""] * self.vocab_size
        for token, rank in self._encoding._mergeable_ranks.items():
            names[rank] = repr(token)[2:-1]
        return names

    def byte_ids(self) -> frozenset[int]:
        """None: bytes are its letters."""
        return frozenset()

    def markers(self) -> frozenset[int]:
        """None: special tokens are never made of a text, and have no name here."""
        return frozenset()
