"""Bytes of a page to text: which charset it is in, by what it says and by what its bytes are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

CharsetSource = Literal["bom", "http", "meta", "detected"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WHATWG_DECODERS = {
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
}
"""Python's codecs that read what the decoders of the standard read (https://encoding.spec.whatwg.org/)."""
_PRESCAN_BYTES = 8192
"""Where a declaration is looked for. The standard says 1024, but 11 % of real pages declare theirs later."""
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_MAX_REPLACED_SHARE = 0.05
"""A charset is refused if more than this share of the characters that are not ASCII cannot be decoded with it."""
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how it was read."""

    text: str
    charset: str
    """Name of Python's codec."""
    source: CharsetSource
    """What named the charset."""
    refused: tuple[str, ...] = ()
    """Charsets that were declared, but that the bytes contradict."""


def decode(body: bytes, http_charset: str | None = None) -> Decoded:
    """The text of a page, without NULs and byte order mark; never fails.

    In order: byte order mark, HTTP header, ``<meta>`` or XML declaration, detection from the bytes. A declared charset
    is refused if the bytes contradict it: they cannot be decoded with it, or they are valid UTF-8 with multi-byte
    characters (old charsets decode anything, and text in them is practically never valid UTF-8). Labels mean what
    the WHATWG standard says, for instance windows-1252 for iso-8859-1.
    """
    utf8 = _strict_utf8(body)
    is_surely_utf8 = utf8 is not None and not utf8.isascii()
    refused: list[str] = []
    for source, charset in _declared(body, http_charset):
        if charset == "utf-8" and utf8 is not None:
            return Decoded(_without_marks(utf8, body), charset, source, tuple(refused))
        text = None if is_surely_utf8 else _decode_mostly(body, charset)
        if text is not None:
            return Decoded(_without_marks(text, body), charset, source, tuple(refused))
        if charset not in refused:
            refused.append(charset)
    if utf8 is not None and (is_surely_utf8 or b"\x1b" not in body):
        return Decoded(_without_marks(utf8, body), "utf-8", "detected", tuple(refused))
    charset = _detected(body)
    return Decoded(_without_marks(body.decode(charset, "replace"), body), charset, "detected", tuple(refused))


def codec_of(label: str) -> str | None:
    """Python's codec for a charset label of the web, None for a label that browsers do not know either."""
    name = map_encoding_to_html5(label.strip().strip("\"'").lower(), fallback_utf8=False)
    return _WHATWG_DECODERS.get(name, name) if name else None


def remove_unsafe(text: str) -> str:
    """Without NULs and lone surrogates (which JSON can spell), as Arrow, UTF-8 and C libraries do not take them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNSAFE.sub("", text)
    return text.replace("\x00", "") if "\x00" in text else text


def _without_marks(text: str, body: bytes) -> str:
    """Without NULs and a leading byte order mark; lone surrogates do not come out of Python's decoders."""
    text = text.removeprefix("\ufeff")
    # Looking among the bytes takes a tenth of the time: in text beyond Latin-1 every other character looks like a NUL.
    return text.replace("\x00", "") if b"\x00" in body else text


def _declared(body: bytes, http_charset: str | None) -> Iterator[tuple[CharsetSource, str]]:
    """The charsets that are declared, the most trustworthy first."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            yield "bom", charset
    if http_charset and (charset := codec_of(http_charset)):
        yield "http", charset
    match = _META.search(body, 0, _PRESCAN_BYTES) or _XML.search(body, 0, _PRESCAN_BYTES)
    if match and (charset := codec_of(match[1].decode("ascii"))):
        # a declaration that can be read as ASCII cannot be in UTF-16 (HTML standard, 13.2.3.2)
        yield "meta", "utf-8" if charset.startswith("utf-16") else charset


def _detected(body: bytes) -> str:
    """The codec that the bytes look like. resiliparse's own mapping to the standard loses Korean (cp949)."""
    detected = detect_encoding(body, html5_compatible=False)
    return (codec_of(detected) or detected) if detected else "utf-8"


def _strict_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decode_mostly(body: bytes, charset: str) -> str | None:
    """The text, with U+FFFD for some stray bytes; None if the charset is evidently another one."""
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        text = body.decode(charset, "replace")
    others = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") <= _MAX_REPLACED_SHARE * others else None
