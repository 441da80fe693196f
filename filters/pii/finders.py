"""What a kind of personal data gives: the spans in a window that are it."""

import re
from collections.abc import Callable, Iterator

from filters.pii.windows import Window

Span = tuple[int, int]
"""First and last (exclusive) character."""

Finder = Callable[[Window], Iterator[Span]]
"""Finds one kind of personal data in the text of a window; what does not touch the candidate is ignored."""


def matches(pattern: re.Pattern[str], window: Window, before: int = 0) -> Iterator[re.Match[str]]:
    """Matches that begin in the candidate or at most ``before`` characters earlier; they may end behind it."""
    for match in pattern.finditer(window.text, max(0, window.first - before)):
        if match.start() >= window.last:
            return
        yield match


def url_around(text: str, position: int) -> str:
    """The characters from the start of the word that holds ``position`` up to it, where that word is a URL; else ""."""
    start = max(text.rfind(space, 0, position) for space in " \t\n<>\"'(") + 1
    word = text[start:position]
    return word if "://" in word or word.startswith("www.") else ""
