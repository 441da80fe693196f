"""Public IP addresses."""

import ipaddress
import re
from collections.abc import Iterator

from filters.pii.finders import Span, matches
from filters.pii.windows import Window

IPV4 = re.compile(r"(?<![\w.\-])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\w\-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:.]{2,40}(?<![:.])(?:(?<=::)|(?![\w:]))")
VERSION_BEFORE = re.compile(
    r"(?:\b(?:v|ver|vers|version|release|rel|build|firmware|driver|update|patch|section|chapter|§|clause|article|"
    r"r|oid|sha|python|java|ios|android|windows|office|chrome|firefox)s?|version\W{0,3}(?:of|is|number)?)"
    r"[\s.:#=/_\-]{0,3}$",
    re.IGNORECASE,
)
ADDRESS_NEAR = re.compile(
    r"\b(?:ip|ips|ipv4|address|addr|host|hosts|server|proxy|dns|gateway|subnet|ping|from|inet|nameserver|client|remote)"
    r"\b[^\n]{0,24}$|(?:://|@)$",
    re.IGNORECASE,
)


def find_ips(window: Window) -> Iterator[Span]:
    """Global IPv4 and IPv6 addresses; not private, reserved or documentation ones, and not version numbers."""
    text = window.text
    for match in matches(IPV4, window):
        if _is_global(match[0]) and not _is_version(text, match):
            yield match.span()
    for match in matches(IPV6, window):
        if match[0].count(":") >= 2 and _is_global(match[0]):
            yield match.span()


def _is_version(text: str, match: re.Match[str]) -> bool:
    """Four small numbers are a version or a section unless the text says address; larger ones unless it says version.

    Of random public addresses 98 % have a part of 100 or more; of version numbers few have.
    """
    before = text[max(0, match.start() - 40) : match.start()]
    if VERSION_BEFORE.search(before):
        return True
    return max(map(int, match.groups())) < 100 and not ADDRESS_NEAR.search(before)


def _is_global(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return parsed.is_global and not parsed.is_multicast
