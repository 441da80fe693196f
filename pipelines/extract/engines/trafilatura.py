"""Engine ``trafilatura``: the reference engine of published corpora."""

from dataclasses import replace
from datetime import date

from lxml.etree import XPath, XPathSyntaxError
from trafilatura.core import extract as extract_text
from trafilatura.deduplication import LRUCache
from trafilatura.external import jt_stoplist_init
from trafilatura.metadata import extract_metadata
from trafilatura.settings import LRU_SIZE, Document, Extractor
from trafilatura.utils import load_html

from filters.errors import SettingError
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.metadata.read import read_metadata
from pipelines.extract.page import Engine, Extracted
from schemas.recipe.extract import DateExtraction, TrafilaturaSettings

SIZES = (
    "min_extracted_size", "min_output_size", "min_output_comm_size", "min_duplcheck_size", "max_repetitions",
    "max_tree_size",
)  # fmt: skip


def prepare(settings: TrafilaturaSettings) -> Engine:
    """Bind the settings. Raises ``SettingError`` if an XPath of ``prune_xpath`` is malformed.

    The text is that of ``trafilatura.extract`` with the same settings, but for the header that its ``with_metadata``
    puts before it: here, metadata are fields.
    """
    for expression in settings.prune_xpath:
        try:
            XPath(expression)
        except XPathSyntaxError as error:
            raise SettingError(f"prune_xpath: {expression!r} is not an XPath expression: {error}") from error
    if not settings.fast:
        jt_stoplist_init()  # Put off, it would be done anew in each process that is forked to extract.
    prune = list(settings.prune_xpath) or None
    uses_metadata = (
        settings.with_metadata or settings.only_with_metadata or settings.url_blacklist or settings.author_blacklist
    )

    def extract(html: str, url: str | None, fetched: date | None) -> Extracted:
        found = read_metadata(tokenize(to_source(html)), url, fetched)
        tree = load_html(html)
        if tree is None:
            return found
        options = _options(settings, url)
        if uses_metadata:
            dates = _date_params(settings.date_extraction_params, fetched)
            metadata = extract_metadata(tree, url, dates, author_blacklist=options.author_blacklist)
            found = replace(
                found,
                title=metadata.title,
                author=metadata.author,
                date=metadata.date,
                site_name=metadata.sitename,
            )
            if _is_refused(metadata, settings):
                return found
            options.url = url or metadata.url
        return replace(found, text=extract_text(tree, options=options, prune_xpath=prune) or "")

    return extract


def _options(settings: TrafilaturaSettings, url: str | None) -> Extractor:
    options = Extractor(
        output_format=settings.output_format,
        fast=settings.fast,
        precision=settings.favor_precision,
        recall=settings.favor_recall,
        comments=settings.include_comments,
        formatting=settings.include_formatting,
        links=settings.include_links,
        images=settings.include_images,
        tables=settings.include_tables,
        # A store of its own for each page: trafilatura's global one makes a page's text depend on those before it.
        dedup=LRUCache(LRU_SIZE) if settings.deduplicate else False,
        lang=settings.target_language,
        url=url,
    )
    options.author_blacklist = set(settings.author_blacklist)
    for size in SIZES:
        setattr(options, size, getattr(settings, size))
    return options


def _date_params(settings: DateExtraction, fetched: date | None) -> dict[str, object]:
    """htmldate's latest day is today unless told otherwise: then the result would change overnight."""
    return {
        "original_date": settings.original_date,
        "extensive_search": settings.extensive_search,
        "min_date": settings.min_date and settings.min_date.isoformat(),
        "max_date": (settings.max_date or fetched or date.max).isoformat(),
    }


def _is_refused(metadata: Document, settings: TrafilaturaSettings) -> bool:
    if settings.only_with_metadata and not (metadata.date and metadata.title and metadata.url):
        return True
    return metadata.url in settings.url_blacklist
