"""The body of an HTTP response, freed of chunks and compression, within bounds."""

import io
import re
import zlib

from fastwarc.stream_io import BrotliReader, ZstdReader

from pipelines.read.raw.window import Broken

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_COMPRESSIONS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
_RATIO_APPLIES_FROM = 1 << 20


def decode_body(
    body: bytes, transfer_encoding: str | None, content_encoding: str | None, max_bytes: int, max_ratio: float
) -> bytes:
    """The body as the server's author wrote it (RFC 9112, 7.1; RFC 9110, 8.4).

    Archives often keep the headers of a body that the crawler has already decoded: what does not look encoded is
    taken as it is. The HTTP Content-Length is not looked at for the same reason.

    Raises:
        Broken: ``BrokenBody`` (cut off or damaged), ``UnknownEncoding``, ``DecompressionBomb``, ``RecordTooLarge``.
    """
    if "chunked" in _tokens(transfer_encoding) and _CHUNK_SIZE.match(body):
        body = _join_chunks(body)
    for encoding in reversed(_tokens(content_encoding)):
        if encoding in _COMPRESSIONS:
            if not _is_plain(body, encoding):
                body = _decompress(body, encoding, max_bytes, max_ratio)
        elif encoding not in ("identity", "none") and not body.lstrip().startswith(b"<"):
            raise Broken("UnknownEncoding", f"the body's Content-Encoding {encoding!r} is not known")
    if len(body) > max_bytes:
        raise Broken("RecordTooLarge", f"the body has {len(body)} bytes, the bound is {max_bytes}")
    return body


def _tokens(header: str | None) -> list[str]:
    """The encodings that a header names, in the order in which they were applied."""
    return [token.strip().lower() for token in (header or "").split(",") if token.strip()]


def _is_plain(body: bytes, encoding: str) -> bool:
    """Whether a body is evidently not compressed: empty, without gzip's magic, or beginning like markup."""
    if encoding in ("gzip", "x-gzip"):
        return not body.startswith(b"\x1f\x8b")
    return not body or body.lstrip().startswith(b"<")


def _join_chunks(body: bytes) -> bytes:
    """A chunked body in one piece. Raises Broken if a chunk is cut off or no last chunk comes."""
    pieces: list[bytes] = []
    position = 0
    while match := _CHUNK_SIZE.match(body, position):
        size, start = int(match[1], 16), match.end()
        if size == 0:
            return b"".join(pieces)
        if start + size > len(body):
            break
        pieces.append(body[start : start + size])
        position = start + size
        position += 2 if body.startswith(b"\r\n", position) else body.startswith(b"\n", position)
    raise Broken("BrokenBody", f"the chunked body breaks off at byte {position} of {len(body)}")


def _decompress(body: bytes, encoding: str, max_bytes: int, max_ratio: float) -> bytes:
    """One content encoding undone, with at most ``max_bytes`` + 1 bytes allocated for it. Raises Broken."""
    try:
        if encoding in ("br", "zstd"):
            reader = BrotliReader(io.BytesIO(body)) if encoding == "br" else ZstdReader(io.BytesIO(body))
            plain = reader.read(max_bytes + 1)
        else:
            plain = _inflate(body, encoding, max_bytes)
    except (OSError, zlib.error) as error:
        raise Broken("BrokenBody", f"{encoding}: {error}") from error
    if len(plain) > max(_RATIO_APPLIES_FROM, max_ratio * len(body)):
        raise Broken("DecompressionBomb", f"{encoding}: {len(body)} bytes grow more than {max_ratio:g} times")
    if len(plain) > max_bytes:
        raise Broken("RecordTooLarge", f"the decompressed body has more than {max_bytes} bytes")
    return plain


def _inflate(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """gzip, or deflate with or without the zlib wrapper that RFC 9110 asks for and some servers leave out."""
    if encoding == "deflate":
        has_wrapper = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
        inflate = zlib.decompressobj(zlib.MAX_WBITS if has_wrapper else -zlib.MAX_WBITS)
    else:
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    plain = inflate.decompress(body, max_bytes + 1)
    if not inflate.eof and len(plain) <= max_bytes:
        raise Broken("BrokenBody", f"the {encoding} body breaks off after {len(plain)} decompressed bytes")
    return plain
