"""Compressed files that break off right behind some content, so that what there is of them looks whole."""

import zlib
from collections.abc import Callable, Mapping

import zstandard


def _gzip(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(zlib.Z_SYNC_FLUSH)


def _zstd(content: bytes) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(content) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


CUT_AFTER: Mapping[str, Callable[[bytes], bytes]] = {".gz": _gzip, ".zst": _zstd}
"""By the ending of the file's name."""
