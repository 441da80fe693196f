"""A page's source as characters: entities decoded, whatever they say."""

import html
import re

LONG_NUMBER = re.compile(r"&#([0-9]{9,});?")
"""A reference with more figures than any character has; with over 4,300 of them, Python refuses to read the number."""


def unescape(source: str) -> str:
    """Entities as the characters they stand for; numbers of none become U+FFFD. Raises nothing."""
    if "&" not in source:
        return source
    return html.unescape(LONG_NUMBER.sub(_shortened, source) if "&#" in source else source)


def _shortened(found: re.Match[str]) -> str:
    """The same reference without leading zeros, or one that is still beyond Unicode."""
    return f"&#{found[1].lstrip('0')[:9] or '0'};"
