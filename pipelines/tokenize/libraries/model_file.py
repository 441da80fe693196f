"""Reads SentencePiece model files: what its Python interface does not tell.

Source: sentencepiece_model.proto (https://github.com/google/sentencepiece). Its generated module demands a newer
protobuf than Apache Beam allows, and a dozen fields do not need one.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
"""Kinds of pieces."""
BPE: Final = 2
"""The type of model that is byte-pair encoding; a model that does not say is a unigram model."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class BrokenModelError(ValueError):
    """The bytes are no SentencePiece model."""


@dataclass(frozen=True)
class Piece:
    """A piece of the vocabulary; its id is its place."""

    text: str
    score: float
    kind: int


@dataclass(frozen=True)
class Model:
    """The pieces, and the settings that decide how a text is read."""

    pieces: tuple[Piece, ...]
    model_type: int
    byte_fallback: bool
    white_space_as_suffix: bool
    normalisation: bytes
    """The compiled rules; empty: the text stays as it is."""
    dummy_prefix: bool
    remove_extra_spaces: bool
    escape_spaces: bool
    denormalisation: bytes


def ranked_splits(model: Model) -> list[tuple[float, str, str]]:
    """All pairs of pieces that make a piece, with its score: in the order in which they are merged.

    SentencePiece merges the pair that makes the piece of the highest score, and of those the leftmost; Hugging Face the
    pair that comes first in this list. Of pairs that make the same piece, the one with the longer left part comes
    first: where two overlap ("aa" + "a" + "aa", for "aaa"), earlier merges from the left have made the left one long.
    """
    usable = {piece.text: piece.score for piece in model.pieces if piece.kind == NORMAL}
    found: list[tuple[float, str, int]] = []
    for text, score in usable.items():
        places = (place for place in range(1, len(text)) if text[:place] in usable and text[place:] in usable)
        found += [(-score, text, -place) for place in places]
    return [(-score, text[:-place], text[-place:]) for score, text, place in sorted(found)]


def read_model(data: bytes) -> Model:
    """The model in a file. Raises BrokenModelError."""
    try:
        return _model(data)
    except (IndexError, struct.error, UnicodeDecodeError, KeyError, AttributeError, TypeError) as error:
        raise BrokenModelError(f"no SentencePiece model: {error}") from error


def _model(data: bytes) -> Model:
    pieces: list[Piece] = []
    parts: dict[int, dict[int, int | bytes]] = {2: {}, 3: {}, 5: {}}
    for number, value in _fields(data):
        if number == 1:
            pieces.append(_piece(_message(value)))
        elif number in parts:
            parts[number] |= _message(value)
    if not pieces:
        raise BrokenModelError("no SentencePiece model: it has no pieces")
    trainer, normaliser, denormaliser = parts[2], parts[3], parts[5]
    return Model(
        pieces=tuple(pieces),
        model_type=_number(trainer.get(3, 1)),
        byte_fallback=bool(trainer.get(35, 0)),
        white_space_as_suffix=bool(trainer.get(24, 0)),
        normalisation=_bytes(normaliser.get(2, b"")),
        dummy_prefix=bool(normaliser.get(3, 1)),
        remove_extra_spaces=bool(normaliser.get(4, 1)),
        escape_spaces=bool(normaliser.get(5, 1)),
        denormalisation=_bytes(denormaliser.get(2, b"")),
    )


def _piece(fields: dict[int, int | bytes]) -> Piece:
    (score,) = struct.unpack("<f", _bytes(fields.get(2, b"\0\0\0\0")))
    return Piece(_bytes(fields[1]).decode(), score, _number(fields.get(3, NORMAL)))


def _number(value: int | bytes) -> int:
    if not isinstance(value, int):
        raise TypeError("a number was expected")
    return value


def _bytes(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("bytes were expected")
    return value


def _message(value: int | bytes) -> dict[int, int | bytes]:
    return dict(_fields(_bytes(value)))


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message: (number, value); see https://protobuf.dev/programming-guides/encoding/."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, position = _varint(data, position)
        else:
            if kind == _BYTES:
                length, position = _varint(data, position)
            else:
                length = {_FIXED64: 8, _FIXED32: 4}[kind]
            value = data[position : position + length]
            if len(value) < length:
                raise IndexError("it ends in the middle of a field")
            position += length
        yield number, value


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
