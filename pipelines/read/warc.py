"""WARC and WET files: plain, gzip or zstd (a member per record or not), as records.

Of a WARC the responses and the HTML resources are read, of a WET the conversions. Requests, metadata, revisits and
other records of the archive's own bookkeeping are no pages and are not counted.
"""

import re
from collections.abc import Iterator

import xxhash
from fastwarc.warc import HeaderMap, WarcRecord, WarcRecordType

from pipelines.read.decode import Decoded, decode
from pipelines.read.files import InputFile
from pipelines.read.raw.compression import Gap, Member, codec_of, members
from pipelines.read.raw.framing import Damage, Framed, split_records
from pipelines.read.raw.http_body import decode_body
from pipelines.read.raw.source import Source
from pipelines.read.raw.window import Broken, Window
from pipelines.read.record import STAGE, Item, Record, Skipped
from schemas.document import DeadLetter, Provenance
from schemas.recipe.read import ReadSettings

_MAX_HEADER_BYTES = 64 << 10
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;,\"']+)", re.IGNORECASE)
_HTML_BEGINNINGS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<div", b"<p>", b"<!--")
_PAGE_TYPES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion


def read_warc(file: InputFile, source: Source, settings: ReadSettings) -> Iterator[Item]:
    """The pages of a WARC or WET file, each as a record, skipped, or a dead letter; never ends early.

    Memory: a few copies of one record, so of ``max_record_bytes`` at most.
    """
    for place, found in _framed(file, source, settings):
        if isinstance(found, Framed):
            yield from _read_record(found.content, place, settings)
        else:
            yield DeadLetter(
                uri=found.uri, provenance=place, stage=STAGE, error_class=found.error_class, message=found.message
            )


def _framed(file: InputFile, source: Source, settings: ReadSettings) -> Iterator[tuple[Provenance, Framed | Damage]]:
    """What lies in a file, and where: in the file, or in its decompressed form if members hold several records."""
    max_block_bytes = settings.max_record_bytes + _MAX_HEADER_BYTES
    codec = codec_of(source, file.relative_name)
    if codec is None:
        for found in split_records(Window(source.read), max_block_bytes):
            yield _place(file, found.start, found.end - found.start), found
        return
    decompressed = 0
    for member in members(source, codec, settings.max_decompression_ratio, first_bytes=b"WARC/"):
        if isinstance(member, Gap):
            message = f"{member.length} bytes between the {codec} members belong to none"
            yield (
                _place(file, member.offset, member.length),
                Damage(member.offset, member.offset + member.length, "UnknownBytes", message, None),
            )
            continue
        window = Window(member.read)
        for found in split_records(window, max_block_bytes):
            yield _member_place(file, member, found, decompressed), found
        decompressed += window.position


def _member_place(file: InputFile, member: Member, found: Framed | Damage, decompressed: int) -> Provenance:
    if isinstance(found, Damage):
        return _place(file, member.offset, None)
    if found.alone:
        return _place(file, member.offset, member.end - member.offset)
    return _place(file, decompressed + found.start, found.end - found.start)


def _place(file: InputFile, offset: int, length: int | None) -> Provenance:
    return Provenance(container=file.relative_name, offset=offset, length=length)


def _read_record(content: bytes, place: Provenance, settings: ReadSettings) -> Iterator[Item]:
    """What one sound WARC record becomes: nothing, if it is not of a type that holds pages."""
    uri = ""
    try:
        warc = _parse(content)
        if not warc.record_type & _PAGE_TYPES:
            return
        uri = (warc.headers.get("WARC-Target-URI") or "").strip("<> ")
        if not uri:
            raise Broken("MissingUri", "the record has no WARC-Target-URI")
        yield _read_page(warc, uri, place, settings)
    except Broken as broken:
        yield DeadLetter(
            uri=uri or None, provenance=place, stage=STAGE, error_class=broken.error_class, message=broken.message
        )


def _parse(content: bytes) -> WarcRecord:
    """A record from its bytes. Raises Broken if its header cannot be parsed."""
    try:
        return WarcRecord.from_bytes(content)
    except OSError as error:
        raise Broken("InvalidHeader", str(error)) from error


def _read_page(warc: WarcRecord, uri: str, place: Provenance, settings: ReadSettings) -> Record | Skipped:
    """A page from a record of a wanted type. Raises Broken."""
    http = _http_headers(warc)
    if http is not None and http.status_code not in settings.statuses:
        return Skipped("read.status", uri, place, str(http.status_code))
    content_type = (http if http is not None else warc.headers).get("Content-Type") or ""
    body = warc.reader.read()
    media_type = _media_type(content_type) or _media_type(warc.headers.get("WARC-Identified-Payload-Type") or "")
    media_type = media_type or _sniffed_type(body)
    is_wet = warc.record_type == WarcRecordType.conversion
    wanted = ("text/plain",) if is_wet else settings.content_types
    if wanted and media_type not in wanted:
        return Skipped("read.content_type", uri, place, media_type)
    body = decode_body(
        body,
        http.get("Transfer-Encoding") if http is not None else None,
        http.get("Content-Encoding") if http is not None else None,
        settings.max_record_bytes,
        settings.max_decompression_ratio,
    )
    charset = _CHARSET.search(content_type)
    decoded = decode(body, charset[1] if charset else None)
    is_text = media_type == "text/plain"
    language = http.get("Content-Language") if http is not None else None
    return Record(
        uri=uri,
        content_digest=xxhash.xxh3_128_hexdigest(body),
        container=place.container,
        offset=place.offset,
        length=place.length,
        html=None if is_text else decoded.text,
        text=decoded.text if is_text else None,
        retrieved_at=warc.record_date,
        declared_language=language.split(",")[0].strip() or None if language else None,
        metadata=_charset_facts(decoded),
    )


def _http_headers(warc: WarcRecord) -> HeaderMap | None:
    """The HTTP headers of a record, None if it holds no HTTP message. Raises Broken if they cannot be parsed."""
    if not warc.is_http:
        return None
    try:
        warc.parse_http(quirks_mode=True)
        status = warc.http_headers.status_code
    except (OSError, ValueError) as error:
        raise Broken("InvalidHttpHeader", str(error)) from error
    if status is None:
        raise Broken("InvalidHttpHeader", "the HTTP message has no status")
    return warc.http_headers


def _media_type(content_type: str) -> str:
    return re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()


def _sniffed_type(body: bytes) -> str:
    """The media type of a body that has none, as far as pages go (https://mimesniff.spec.whatwg.org/, 7.1)."""
    return "text/html" if body.lstrip()[:14].lower().startswith(_HTML_BEGINNINGS) else "unknown"


def _charset_facts(decoded: Decoded) -> dict[str, str]:
    facts = {"charset": decoded.charset, "charset_source": decoded.source}
    return facts | {"refused_charsets": ",".join(decoded.refused)} if decoded.refused else facts
