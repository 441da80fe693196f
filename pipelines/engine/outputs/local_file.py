"""An output for libraries that write to a path on this machine only."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fsspec
import xxhash
from fsspec.implementations.local import LocalFileSystem

from pipelines.engine.outputs.files import OutputError

_CHUNK = 1 << 20


@dataclass
class LocalFile:
    """A file being written; bytes and digest are known after the block."""

    path: Path
    bytes: int = 0
    digest: str = ""
    """Hex of xxh3-128."""


@contextmanager
def local_output(uri: str) -> Iterator[LocalFile]:
    """A path to write to; the file appears at ``uri`` when the block ends well, and not at all otherwise.

    On a local disk it is written beside its place and renamed; for an object store in a temporary folder.

    Raises:
        OutputError: the file cannot be written (full disk, no permission).
    """
    filesystem, path = fsspec.core.url_to_fs(uri)
    try:
        if isinstance(filesystem, LocalFileSystem):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            file = LocalFile(Path(f"{path}.{os.getpid()}.tmp"))
            try:
                yield file
                _measure(file)
                file.path.replace(path)
            finally:
                file.path.unlink(missing_ok=True)
            return
        with tempfile.TemporaryDirectory(prefix="orchard-upload-") as folder:
            file = LocalFile(Path(folder) / path.rsplit("/", 1)[-1])
            yield file
            _measure(file)
            filesystem.put_file(str(file.path), path)
    except OSError as error:
        raise OutputError(
            f"cannot write {uri}: {error.strerror or error}. Free space or choose another --out, then run the same "
            "command again: finished shards are kept."
        ) from error


def _measure(file: LocalFile) -> None:
    digest = xxhash.xxh3_128()
    with file.path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    file.bytes, file.digest = file.path.stat().st_size, digest.hexdigest()
