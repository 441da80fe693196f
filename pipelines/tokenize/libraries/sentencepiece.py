"""SentencePiece models (.model), encoded by the library sentencepiece."""

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version

import sentencepiece
import xxhash

from pipelines.tokenize.cutting.boundaries import META, SPACE, by_vocabulary
from pipelines.tokenize.cutting.merges import BYTES, Merges, make_merges
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.library import Cuttable, Whole
from pipelines.tokenize.libraries.model_file import (
    BPE,
    BYTE,
    CONTROL,
    NORMAL,
    UNKNOWN,
    UNUSED,
    USER_DEFINED,
    BrokenModelError,
    Model,
    ranked_splits,
    read_model,
)


class SentencePieceLibrary:
    """A model of any type; those that Orchard trains can be cut."""

    def __init__(self, data: bytes, source: str) -> None:
        """``data`` is the model's file, ``source`` its name for messages. Raises TokenizerError."""
        try:
            self._model = read_model(data)
            self._processor = sentencepiece.SentencePieceProcessor(model_proto=data)
        except (BrokenModelError, RuntimeError, TypeError) as error:
            raise TokenizerError(f"{source}: {error}. Give a .model that sentencepiece has trained") from error
        release = version("sentencepiece")
        self.name = f"sentencepiece {release}, {source}"
        self.identity = xxhash.xxh3_128_hexdigest(release.encode() + b"\0" + data)

    @property
    def model(self) -> Model:
        """What the model's file says."""
        return self._model

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        return len(self._model.pieces)

    @cached_property
    def _whole(self) -> str | None:
        """Why texts must be encoded whole, None if they can be cut."""
        model = self._model
        obstacles = {
            "it is no byte-pair encoding": model.model_type != BPE,
            "unknown characters side by side become one token without byte fallback": not model.byte_fallback,
            "it normalises texts": bool(model.normalisation),
            "it puts a space before each text": model.dummy_prefix,
            "it takes spaces out": model.remove_extra_spaces,
            "it does not mark spaces, or does so after words": not model.escape_spaces or model.white_space_as_suffix,
        }
        return next((why for why, holds in obstacles.items() if holds), None)

    def cutting(self) -> Cuttable | Whole:
        """Texts are cut where no piece holds the two characters side by side."""
        if self._whole:
            return Whole(self._whole)
        merged = {NORMAL, USER_DEFINED, UNUSED}
        pieces = (piece.text for piece in self._model.pieces if piece.kind in merged)
        why = "cut where no piece of the vocabulary holds both characters"
        return Cuttable(by_vocabulary(pieces), why, self._merges())

    def _merges(self) -> Merges | None:
        """None where pieces are set by hand, which are looked for before anything is merged."""
        pieces = self._model.pieces
        ids = {piece.text: number for number, piece in enumerate(pieces) if piece.kind == NORMAL}
        by_hand = any(piece.kind in (USER_DEFINED, UNUSED) for piece in pieces)
        if by_hand or len(self.byte_ids()) != BYTES or chr(META) not in ids:
            return None
        splits = ranked_splits(self._model)
        ranks = {score: rank for rank, score in enumerate(sorted({score for score, *_ in splits}, reverse=True))}
        characters = {ord(text): number for text, number in ids.items() if len(text) == 1}
        return make_merges(
            ((ids[left], ids[right], ranks[score], ids[left + right]) for score, left, right in splits),
            characters | {SPACE: characters[META]},
            sorted(self.byte_ids(), key=lambda number: pieces[number].text),
        )

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text."""
        return self._processor.encode(texts, out_type=int, num_threads=1)

    def decode(self, ids: Sequence[int]) -> str:
        """The text that tokens stand for."""
        return self._processor.decode(list(ids))

    def pieces(self) -> list[str]:
        """The pieces, with U+2581 for a space."""
        return [piece.text for piece in self._model.pieces]

    def byte_ids(self) -> frozenset[int]:
        """The ids of ``<0x00>`` to ``<0xFF>``."""
        return frozenset(number for number, piece in enumerate(self._model.pieces) if piece.kind == BYTE)

    def markers(self) -> frozenset[int]:
        """The ids of ``<unk>`` and of control pieces."""
        kinds = (UNKNOWN, CONTROL)
        return frozenset(number for number, piece in enumerate(self._model.pieces) if piece.kind in kinds)
