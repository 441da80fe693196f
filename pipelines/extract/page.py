"""A page to extract, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Page(NamedTuple):
    """A decoded HTML page."""

    id: str
    html: str
    url: str | None = None
    fetched: date | None = None
    """The day it was fetched: no page was published later."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an engine found in a page. ``text`` is empty where it found nothing; all strings encode as UTF-8."""

    text: str
    title: str | None = None
    author: str | None = None
    date: str | None = None
    """The day of publication, YYYY-MM-DD."""
    language: str | None = None
    """What the page declares (BCP 47); often wrong."""
    canonical_url: str | None = None
    site_name: str | None = None


@dataclass(frozen=True, slots=True)
class ExtractionFailure:
    """Why a page could not be extracted; it becomes a dead letter.

    ``error_class`` is one of ExtractionTimeout, ExtractionMemory, ExtractionCrash (a native fault), ExtractionError (an
    exception of the engine), PageTooLarge, PageTooDeep.
    """

    error_class: str
    message: str


Engine = Callable[[str, str | None, date | None], Extracted]
"""Extracts a page from (html, url, day of fetching); whatever it raises fails that page alone."""
