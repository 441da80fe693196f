"""The compressed members of a file, each by itself, so that a broken one does not take the others with it.

fastwarc's ArchiveIterator (2.0.1) does not do: it ends at the first broken gzip member, hands out the short payload of
a truncated one without a word, and follows a wrong length into the records that come next.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import zstandard

from pipelines.read.raw.source import Source
from pipelines.read.raw.window import Broken

Codec = Literal["gzip", "zstd"]

_MAGIC: Mapping[Codec, bytes] = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
_SUFFIX: Mapping[str, Codec] = {".gz": "gzip", ".zst": "zstd"}
_SKIPPABLE = tuple(bytes([0x50 + low, 0x2A, 0x4D, 0x18]) for low in range(16))
"""Magic of the frames that a zstd decoder skips (RFC 8878, 3.1.2)."""
_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""The skippable frame that holds the dictionary of a .warc.zst (https://iipc.github.io/warc-specifications/)."""

_INPUT_BYTES: Mapping[Codec, int] = {"gzip": 1 << 15, "zstd": 1 << 11}
"""Compressed bytes to take at once. zstd does not limit what comes out: 2 KiB become 64 MiB at most."""
_RATIO_APPLIES_FROM = 1 << 20
_MAX_DICTIONARY_BYTES = 16 << 20
_PROBE_BYTES = 16


@dataclass(frozen=True)
class Gap:
    """Bytes between members that belong to none."""

    offset: int
    length: int


class Member:
    """One gzip member or zstd frame, decompressed as it is read."""

    def __init__(self, source: Source, codec: Codec, max_ratio: float, dictionary: bytes) -> None:
        self.offset = source.position
        """Where it begins in the file."""
        self.broken: Broken | None = None
        """Why it could not be read to its end, if so."""
        self._source = source
        self._max_ratio = max_ratio
        self._codec: Codec = codec
        self._state, self._decompress = _decompressor(codec, dictionary)
        self._decompressed = 0

    @property
    def end(self) -> int:
        """Offset of the first byte that is not used; once all is read, of the first byte after the member."""
        left = self._state.unused_data if self._state.eof else self._state.unconsumed_tail
        return self._source.position - len(left)

    def read(self, size: int) -> bytes:
        """The next 1 to ``size`` bytes (zstd: 1 or more), none at the end.

        Raises:
            Broken: the member is cut off, damaged, or grows more than the ratio allows.
        """
        try:
            return self._read(size)
        except Broken as broken:
            self.broken = broken
            raise
        except (zlib.error, zstandard.ZstdError) as error:
            self.broken = Broken("BrokenCompression", f"{self._codec} member at byte {self.offset}: {error}")
            raise self.broken from error

    def _read(self, size: int) -> bytes:
        output = b""
        while not output and not self._state.eof:
            data = self._state.unconsumed_tail or self._source.read(_INPUT_BYTES[self._codec])
            if not data:
                raise Broken("TruncatedRecord", f"the file ends inside the {self._codec} member at byte {self.offset}")
            output = self._decompress(data, size)
        self._decompressed += len(output)
        compressed = self.end - self.offset
        if self._decompressed > max(_RATIO_APPLIES_FROM, self._max_ratio * compressed):
            raise Broken(
                "DecompressionBomb",
                f"{self._codec} member at byte {self.offset}: "
                f"{compressed} bytes grow more than {self._max_ratio:g} times",
            )
        return output


def _decompressor(
    codec: Codec, dictionary: bytes
) -> tuple["zlib._Decompress | zstandard.ZstdDecompressionObj", Callable[[bytes, int], bytes]]:
    """A decompressor for one member, and its function of (input, most bytes wanted)."""
    if codec == "gzip":
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return inflate, inflate.decompress
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    unzstd = zstandard.ZstdDecompressor(dict_data=known).decompressobj()
    return unzstd, lambda data, _: unzstd.decompress(data)


def codec_of(source: Source, name: str) -> Codec | None:
    """How a file is compressed: its first bytes say it, or, where they are broken, its name."""
    head = source.peek(5)
    if head == b"WARC/":
        return None
    if head[:4] in _SKIPPABLE:
        return "zstd"
    for codec, magic in _MAGIC.items():
        if head.startswith(magic):
            return codec
    return next((codec for suffix, codec in _SUFFIX.items() if name.lower().endswith(suffix)), None)


def members(source: Source, codec: Codec, max_ratio: float, first_bytes: bytes) -> Iterator[Member | Gap]:
    """The members of a file in order; each is to be read to its end, or its break, before the next is asked for.

    After a broken member the search goes on from its second byte, for a member whose content begins with
    ``first_bytes``: however far the damage was followed, no sound member after it is lost.
    """
    dictionary, offset = b"", 0
    while head := _peek_at(source, offset, 8):
        if (end := _end_of_skippable(source, offset, head)) is not None:
            if head[:4] == _DICTIONARY:
                dictionary = _dictionary(_peek_at(source, offset + 8, end - offset - 8))
            offset = end
        elif head.startswith(_MAGIC[codec]):
            member = Member(source, codec, max_ratio, dictionary)
            yield member
            if member.broken is None:
                offset = member.end
            else:
                offset = _next_member(source, offset + 1, codec, dictionary, first_bytes)
        else:
            end = _next_member(source, offset, codec, dictionary, first_bytes)
            yield Gap(offset, end - offset)
            offset = end


def _peek_at(source: Source, offset: int, size: int) -> bytes:
    source.seek(offset)
    return source.peek(size)


def _end_of_skippable(source: Source, offset: int, head: bytes) -> int | None:
    """Where the skippable frame ends that begins at ``offset``; None if there is none that something sane follows."""
    size = int.from_bytes(head[4:8], "little")
    if head[:4] not in _SKIPPABLE or len(head) < 8 or size > _MAX_DICTIONARY_BYTES:
        return None
    end = offset + 8 + size
    last_byte, following = len(_peek_at(source, end - 1, 1)), _peek_at(source, end, 4)
    ends_file = last_byte == 1 and not following
    return end if ends_file or following in (*_SKIPPABLE, _MAGIC["zstd"]) else None


def _next_member(source: Source, start: int, codec: Codec, dictionary: bytes, first_bytes: bytes) -> int:
    """Offset of the first member at or after ``start`` whose content begins well, or of the end of the file."""
    while (offset := source.find(_MAGIC[codec], start)) is not None:
        source.seek(offset)
        try:
            if Member(source, codec, float("inf"), dictionary).read(_PROBE_BYTES).startswith(first_bytes):
                return offset
        except Broken:
            pass  # three bytes that look like a member by chance
        start = offset + 1
    return source.position


def _dictionary(content: bytes) -> bytes:
    """The dictionary of a .warc.zst, which may itself be compressed. Empty if it is broken: frames then say so."""
    if not content.startswith(_MAGIC["zstd"]):
        return content
    try:
        return zstandard.ZstdDecompressor().decompress(content, max_output_size=_MAX_DICTIONARY_BYTES)
    except zstandard.ZstdError:
        return b""


def decompressed(source: Source, name: str, max_ratio: float) -> Callable[[int], bytes]:
    """A function ``read(size)`` over the whole file as one stream, whatever its compression; raises Broken."""
    codec = codec_of(source, name)
    if codec is None:
        return source.read
    parts = members(source, codec, max_ratio, first_bytes=b"")
    current: list[Member] = []

    def read(size: int) -> bytes:
        while True:
            if current and (data := current[0].read(size)):
                return data
            following = next(parts, None)
            if following is None:
                return b""
            if isinstance(following, Gap):
                raise Broken("UnknownBytes", f"{following.length} bytes at byte {following.offset} are not {codec}")
            current[:] = [following]

    return read
