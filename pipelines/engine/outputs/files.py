"""Files on any filesystem: a reader never sees half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import fsspec
import psutil
import xxhash
from fsspec.implementations.local import LocalFileSystem


class OutputError(Exception):
    """An output cannot be written: names the file and what to do."""


def join(folder: str, *names: str) -> str:
    """The URI of something inside a folder."""
    return "/".join([folder.rstrip("/"), *names])


def local_folder(uri: str) -> Path | None:
    """The folder of that name on this machine, made if need be; None on an object store."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    if not isinstance(filesystem, LocalFileSystem):
        return None
    Path(path).mkdir(parents=True, exist_ok=True)
    return Path(path)


def is_local(uri: str) -> bool:
    """Whether something lies on this machine, or where it is mounted."""
    return isinstance(fsspec.core.url_to_fs(uri)[0], LocalFileSystem)


def exists(uri: str) -> bool:
    """Whether a file or folder is there."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    return filesystem.exists(path)


def size(uri: str) -> int | None:
    """Bytes of a file, None where there is none."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    try:
        return filesystem.size(path)
    except FileNotFoundError:
        return None


def read_bytes(uri: str) -> bytes:
    """The whole content of a small file."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    with filesystem.open(path, "rb") as file:
        return file.read()


def write_bytes(uri: str, content: bytes) -> None:
    """Write a small file whole or not at all."""
    with atomic_output(uri) as file:
        file.write(content)


def list_files(folder: str, suffix: str) -> list[str]:
    """Names (not URIs) of the files directly in a folder that end with ``suffix``, sorted; none if it is missing."""
    filesystem, path = fsspec.core.url_to_fs(folder)
    if not filesystem.exists(path):
        return []
    filesystem.invalidate_cache(path)
    names = [entry.rsplit("/", 1)[-1] for entry in filesystem.ls(path, detail=False)]
    return sorted(name for name in names if name.endswith(suffix))


def remove(uri: str) -> None:
    """Remove a file if it is there."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    if filesystem.exists(path):
        filesystem.rm_file(path)


def remove_leftovers(folder: str) -> None:
    """Remove the temporary files of processes on this machine that were killed while they wrote."""
    filesystem, path = fsspec.core.url_to_fs(folder)
    if not isinstance(filesystem, LocalFileSystem) or not filesystem.exists(path):
        return
    for file in Path(path).rglob("*.tmp"):
        process = file.name.removesuffix(".tmp").rpartition(".")[2]
        if process.isdigit() and not _runs(int(process)):
            file.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Whether it can still write; a zombie cannot, and in a container whose first process reaps none it stays one."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class HashingFile:
    """A binary sink that counts and digests (xxh3-128) what passes through it."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._digest = xxhash.xxh3_128()
        self.bytes = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """Write and digest."""
        view = memoryview(data)
        self._digest.update(view)
        self.bytes += view.nbytes
        self._sink.write(view)
        return view.nbytes

    def tell(self) -> int:
        """Bytes so far."""
        return self.bytes

    def flush(self) -> None:
        """Hand buffered bytes on."""
        self._sink.flush()

    def close(self) -> None:
        """End of writing; the sink is closed by its owner."""
        self.closed = True

    def hexdigest(self) -> str:
        """Digest of everything written."""
        return self._digest.hexdigest()


@contextmanager
def atomic_output(uri: str) -> Iterator[HashingFile]:
    """A file that appears under its name when the block ends well, and not at all otherwise.

    On a local disk it is written beside its place and renamed; object stores show a file only at close. Two workers
    that race write the same bytes, so the last rename is right whoever wins.

    Raises:
        OutputError: the file cannot be written (full disk, no permission).
    """
    filesystem, path = fsspec.core.url_to_fs(uri)
    local = isinstance(filesystem, LocalFileSystem)
    target = f"{path}.{os.getpid()}.tmp" if local else path
    try:
        filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        try:
            with filesystem.open(target, "wb") as sink:
                yield HashingFile(sink)
            if local:
                filesystem.mv(target, path)
        except BaseException:
            if local and filesystem.exists(target):
                filesystem.rm_file(target)
            raise
    except OSError as error:
        raise OutputError(
            f"cannot write {uri}: {error.strerror or error}. Free space or choose another --out, then run the same "
            "command again: finished shards are kept."
        ) from error
