"""Looking ahead in a stream that comes in pieces and may break."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st

from pipelines.read.raw.window import Broken, Window

CONTENT = b"one\r\ntwo\r\n\r\nthree\r\n\r\n" * 5


def window(content: bytes, chunk: int) -> Window:
    return Window(io.BytesIO(content).read, chunk)


@given(chunk=st.integers(1, 200), limit=st.integers(1, 200))
def test_finds_within_the_limit_only(chunk: int, limit: int) -> None:
    found = CONTENT.find(b"\r\n\r\n", 0, limit)
    assert window(CONTENT, chunk).find(b"\r\n\r\n", limit) == (found if found >= 0 else None)


@given(chunk=st.integers(1, 200), skips=st.lists(st.integers(0, 30), max_size=8))
def test_shows_the_stream_from_its_position_on(chunk: int, skips: list[int]) -> None:
    seen = window(CONTENT, chunk)
    position = 0
    for skip in skips:
        seen.fill(skip)
        seen.skip(skip)
        position = min(len(CONTENT), position + skip) if chunk >= 30 else seen.position
        assert seen.position == position
        assert seen.peek(2, 9) == CONTENT[position + 2 : position + 9]


@given(chunk=st.integers(1, 200))
def test_skips_to_a_pattern_or_to_the_end(chunk: int) -> None:
    seen = window(CONTENT, chunk)
    seen.skip_to(re.compile(rb"th(?=ree)"), 5)
    assert seen.position == CONTENT.find(b"three")
    seen.skip_to(re.compile(rb"four"), 4)
    assert seen.position == len(CONTENT) and seen.at_end()


def test_a_stream_that_breaks_ends_there_and_says_why() -> None:
    pieces = iter([b"first", b"second"])

    def read(_: int) -> bytes:
        for piece in pieces:
            return piece
        raise Broken("BrokenCompression", "no more")

    seen = Window(read)
    assert seen.fill(5) == 5 and seen.broken is None
    assert seen.fill(100) == 11 and seen.broken is not None
    assert seen.broken.error_class == "BrokenCompression"
    assert seen.peek(0, 100) == b"firstsecond"
