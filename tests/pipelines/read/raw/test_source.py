"""The bytes of a file: jumping, searching, and a digest that does not care."""

import io
import random

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from pipelines.read.raw import source as source_module
from pipelines.read.raw.source import Source

CONTENT = random.Random(0).randbytes(10_000)


@given(jumps=st.lists(st.tuples(st.integers(0, 11_000), st.integers(1, 3000)), max_size=12))
def test_jumping_reads_what_is_there_and_leaves_the_digest_alone(jumps: list[tuple[int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_module, "CHUNK_BYTES", 1000)
        source = Source(io.BytesIO(CONTENT))
        for position, size in jumps:
            source.seek(position)
            assert source.peek(size) == CONTENT[position : position + size]
            data = source.read(size)
            assert CONTENT[position:].startswith(data) and bool(data) == (position < len(CONTENT))
            assert source.position == position + len(data)
        assert source.hexdigest() == xxhash.xxh3_128_hexdigest(CONTENT)


@given(position=st.integers(0, 9_990), start=st.integers(0, 9_999))
def test_finds_a_pattern_wherever_chunks_end(position: int, start: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_module, "CHUNK_BYTES", 7)
        content = bytes(position) + b"\x1f\x8b\x08" + bytes(9_990 - position)
        assert Source(io.BytesIO(content)).find(b"\x1f\x8b\x08", start) == (position if start <= position else None)
