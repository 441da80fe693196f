"""Where the visible text of a page stands, found in its bytes without parsing it."""

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf

Bytes = npt.NDArray[np.uint8]
Runs = npt.NDArray[np.int64]


def _letters(*words: str) -> tuple[Bytes, ...]:
    return tuple(np.frombuffer(word.encode(), np.uint8) for word in words)


(BODY,) = _letters("<body")
HIDDEN = _letters("<script", "<style", "<SCRIPT", "<STYLE")
ENDS = _letters("</script", "</style", "</SCRIPT", "</STYLE")
LESS, GREATER = ord("<"), ord(">")


@kernel
def visible_runs(page: Bytes, window: int, least: int) -> Runs:
    """int64[runs, 3]: begin, end and characters of the texts between two tags that have ``least`` characters or more.

    ``page`` is UTF-8. Looked at are ``window`` characters from ``<body`` on, without scripts and style sheets; what one
    that is left open hides ends at the next of its kind. White space at the beginning of a run is left out. Linear in
    time.
    """
    found = np.empty((window // least + 1, 3), np.int64)
    return found[: _find_runs(page, window, least, found)].copy()


@leaf
def _find_runs(page: Bytes, window: int, least: int, found: Runs) -> int:
    position, end = _window(page, window)
    count = 0
    while position < end:
        if page[position] == LESS:
            position = _behind_hidden(page, position, end)
            continue
        is_behind_tag = page[position] == GREATER
        position += 1
        if not is_behind_tag:
            continue
        while position < end and _space(page, position, end) > 0:
            position += _space(page, position, end)
        begin, characters = position, 0
        while position < end and page[position] != LESS and page[position] != GREATER:
            characters += page[position] & 0xC0 != 0x80
            position += 1
        if characters >= least:
            found[count, 0], found[count, 1], found[count, 2] = begin, position, characters
            count += 1
    return count


@leaf
def _window(page: Bytes, characters: int) -> tuple[int, int]:
    """Where the window begins and ends."""
    begin = 0
    while begin < len(page) and not _stands_at(page, begin, len(page), BODY):
        begin += 1
    if begin == len(page):
        begin = 0
    end = begin
    while end < len(page):
        if page[end] & 0xC0 != 0x80:
            if characters == 0:
                break
            characters -= 1
        end += 1
    return begin, end


@leaf
def _behind_hidden(page: Bytes, position: int, end: int) -> int:
    """Behind the script or style sheet that begins at ``position``, at its end tag's ``>``; else the next byte."""
    for kind in range(len(HIDDEN)):
        if not _stands_at(page, position, end, HIDDEN[kind]):
            continue
        position += len(HIDDEN[kind])
        while position < end and not _stands_at(page, position, end, HIDDEN[kind]):
            if _stands_at(page, position, end, ENDS[kind]):
                return position + len(ENDS[kind])
            position += 1
        return position
    return position + 1


@leaf
def _stands_at(page: Bytes, position: int, end: int, word: Bytes) -> bool:
    if position + len(word) > end:
        return False
    for place in range(len(word)):  # noqa: SIM110 - compiled
        if page[position + place] != word[place]:
            return False
    return True


@leaf
def _space(page: Bytes, position: int, end: int) -> int:
    """The bytes of the white space at ``position``, as Python has it; 0 if there is none."""
    first = page[position]
    if first == 0x20 or 0x09 <= first <= 0x0D or 0x1C <= first <= 0x1F:
        return 1
    if first < 0xC2 or position + 1 >= end:
        return 0
    second = page[position + 1]
    if first == 0xC2:
        return 2 if second in (0x85, 0xA0) else 0
    if first > 0xE3 or position + 2 >= end:
        return 0
    third = page[position + 2]
    if first == 0xE2 and second == 0x80:
        return 3 if third <= 0x8A or third in (0xA8, 0xA9, 0xAF) else 0
    is_space = (
        (first == 0xE1 and second == 0x9A and third == 0x80)
        or (first == 0xE2 and second == 0x81 and third == 0x9F)
        or (first == 0xE3 and second == 0x80 and third == 0x80)
    )
    return 3 if is_space else 0
