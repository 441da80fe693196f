"""Pages whose true text is known: to train an extractor on, and to compare extractors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipelines.extract.labels import Label, LabelError, read_index, read_labels, unknown
from pipelines.extract.page import Page
from pipelines.read.decode import decode
from pipelines.read.files import InputFile, find_inputs
from pipelines.read.raw.source import open_input


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page and what is known of it."""

    page: Page
    label: Label


def read_labelled(
    pages: Sequence[str], truth: Sequence[str], index: Sequence[str] = (), *, unlabelled: bool = False
) -> Iterator[LabelledPage]:
    """The labelled ones among the pages of WARC files, in the files' order, decoded as in a run.

    ``pages`` are paths or patterns, local or remote; ``truth`` and ``index`` as for ``read_labels``. ``unlabelled``:
    the other pages too, with a label that knows only what the index does. Memory: one page and all labels.

    Raises:
        InputError: a pattern without a file.
        LabelError: labels that are wrong (see ``read_labels``) or none of which fits a page; a file that is no WARC.
    """
    labels = read_labels(truth, index)
    groups = read_index(index) if unlabelled else {}
    found = 0
    for file in find_inputs(pages):
        for record in _records(file):
            label = labels.get(record.record_id or "") or labels.get(_address(record))
            if label is not None:
                found += 1
                yield LabelledPage(_page(record), label)
            elif unlabelled:
                page = _page(record)
                yield LabelledPage(page, unknown(page.id, page.url or "", groups))
    if not found:
        raise LabelError(
            f"none of the {len(labels)} labels is for a page in {', '.join(pages)}; the first one is for "
            f"{next(iter(labels))}. Name the WARC files that hold these records"
        )


def _records(file: InputFile) -> Iterator[WarcRecord]:
    if file.format != "warc":
        raise LabelError(f"{file.uri}: pages are read from WARC files (.warc, .warc.gz, .warc.zst)")
    types = WarcRecordType.response | WarcRecordType.resource
    try:
        with open_input(file) as source:
            yield from ArchiveIterator(cast(BinaryIO, source.file), record_types=types, auto_decode="all")
    except OSError as error:
        raise LabelError(f"{file.uri}: cannot be read: {error}. Fetch or write it again") from error


def _address(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<> ")


def _page(record: WarcRecord) -> Page:
    fetched = record.record_date.date() if record.record_date else None
    html = decode(record.reader.read(), record.http_charset).text
    return Page(record.record_id or "", html, _address(record) or None, fetched)
