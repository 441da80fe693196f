"""E-mail addresses."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from tldextract import TLDExtract

from filters.pii.finders import Span, matches
from filters.pii.windows import Window

# RFC 5321's dot-atoms, without characters that in real text are mark-up or code rather than part of an address.
ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+\-@])([A-Za-z0-9_+][A-Za-z0-9._%+'\-]{0,63})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})"
    r"(?![A-Za-z0-9@]|[-.][A-Za-z0-9])"
)
LONGEST_USER = 64
REPOSITORY_HOSTS = re.compile(r":[\w.~-]+/|/[\w.~-]+/")


def find_emails(window: Window) -> Iterator[Span]:
    """Addresses under a public suffix; not the user of a URL or of ``git@host:owner/repository``."""
    text = window.text
    for match in matches(ADDRESS, window, LONGEST_USER):
        if text[: match.start()].endswith("://") or REPOSITORY_HOSTS.match(text, match.end()):
            continue
        if _is_public(match[2].lower()):
            yield match.span()


@lru_cache(maxsize=100_000)
def _is_public(host: str) -> bool:
    """Whether the host ends in a public suffix (``com``, ``co.uk``); ``image@2x.png`` does not."""
    parts = _suffixes()(host)
    return bool(parts.suffix and parts.domain)


@cache
def _suffixes() -> TLDExtract:
    """The public suffix list that comes with tldextract: no network, no cache on disk."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None)
