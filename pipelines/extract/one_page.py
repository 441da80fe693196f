"""One page to look at: out of a file, an archive, or from its address."""

from datetime import UTC, datetime
from pathlib import Path

import httpx

from filters.errors import SettingError
from pipelines.extract.page import Page
from pipelines.read.decode import decode
from pipelines.read.files import InputError, find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings

WARC_ENDINGS = (".warc", ".warc.gz", ".warc.zst")
MAX_BYTES = 50_000_000
"""Of a page that is fetched; what follows is cut off."""
TIMEOUT_SECONDS = 30.0
MAX_REDIRECTS = 10
HEADERS = {"User-Agent": "orchard-extract/1 (one page, at the request of a person)", "Accept": "text/html, */*;q=0.5"}


class PageError(SettingError):
    """A page that cannot be had; names it, and the way out."""


def load_page(source: str, record: int | None = None, url_filter: str | None = None) -> Page:
    """The page that ``source`` names: an HTML file, a WARC file (local or remote), or an address.

    Of a WARC file it is page ``record`` (from 1), of those whose address contains ``url_filter`` if that is given.

    Raises:
        InputError: there is no such file.
        PageError: the file has no such page, or the address cannot be fetched.
    """
    if source.lower().endswith(WARC_ENDINGS):
        return _from_warc(source, record or 1, url_filter)
    if record is not None or url_filter is not None:
        raise PageError(
            f"{source}: --record and --url-filter choose among the pages of a WARC file ({WARC_ENDINGS[1]})"
        )
    if source.lower().startswith(("http://", "https://")):
        return _from_web(source)
    path = Path(source)
    if not path.is_file():
        raise InputError(f"{source}: there is no such file. Name an HTML or WARC file, or an address with http(s)://")
    return Page(source, decode(path.read_bytes()).text)


def _from_warc(source: str, number: int, url_filter: str | None) -> Page:
    (file,) = find_inputs([source])
    pages = 0
    for item in read_records(file, ReadSettings()):
        if isinstance(item, Record) and item.html is not None and (url_filter or "") in item.uri:
            pages += 1
            if pages == number:
                return Page(item.uri, item.html, item.uri, item.retrieved_at.date() if item.retrieved_at else None)
    which = f" with {url_filter!r} in its address" if url_filter else ""
    raise PageError(f"{source}: there is no page {number}{which}, only {pages}")


def _from_web(url: str) -> Page:
    body = bytearray()
    try:
        with (
            httpx.Client(
                follow_redirects=True, timeout=TIMEOUT_SECONDS, max_redirects=MAX_REDIRECTS, headers=HEADERS
            ) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            for part in response.iter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    break
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PageError(
            f"{url}: cannot be fetched: {error or type(error).__name__}. Save the page, name the file"
        ) from error
    html = decode(bytes(body[:MAX_BYTES]), response.charset_encoding).text
    return Page(str(response.url), html, str(response.url), datetime.now(UTC).date())
