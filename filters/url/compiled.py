"""Domain and URL lists as a sorted array of hashes on disk, memory-mapped and shared by all processes."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xxhash

from filters.url.lists import ListFile, read_keys

FORMAT = b"1"


@dataclass(frozen=True)
class CompiledLists:
    """A set of entries: 64-bit hashes in rising order and, for each, the number of its category.

    An address that is on no list is taken for a listed one with probability n / 2**64 a look-up: 2.5e-13 for the
    4.6 million domains of UT1, one page in about 10**12. The hash is xxh3-64 of the UTF-8 key.
    """

    hashes: np.ndarray
    """uint64, sorted, distinct; memory-mapped (8 bytes an entry)."""
    categories: np.ndarray
    """uint16, the same length; the first category that lists the entry."""
    names: tuple[str, ...]

    def find(self, keys: Sequence[str]) -> np.ndarray:
        """The category number of every key (int32), -1 where it is not listed."""
        if not len(self.hashes) or not keys:
            return np.full(len(keys), -1, dtype=np.int32)
        wanted = np.fromiter((hash_key(key) for key in keys), dtype=np.uint64, count=len(keys))
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[at] == wanted, self.categories[at].astype(np.int32), -1)


def hash_key(key: str) -> int:
    """The 64-bit hash of a key."""
    return xxhash.xxh3_64_intdigest(key.encode("utf-8", "surrogatepass"))


def compile_lists(files: Sequence[ListFile], cache: Path | None = None) -> CompiledLists:
    """The entries of ``files``, compiled once for each content and kept in ``cache`` (default: the user's cache)."""
    if not files:
        return CompiledLists(np.empty(0, np.uint64), np.empty(0, np.uint16), ())
    folder = (cache or default_cache()) / _digest(files)
    if not folder.is_dir():
        _write(files, folder)
    return CompiledLists(
        hashes=np.load(folder / "hashes.npy", mmap_mode="r"),
        categories=np.load(folder / "categories.npy", mmap_mode="r"),
        names=tuple(json.loads((folder / "names.json").read_text())),
    )


def default_cache() -> Path:
    """Where compiled lists are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "orchard" / "url_lists"


def _digest(files: Sequence[ListFile]) -> str:
    digest = xxhash.xxh3_128(FORMAT)
    for file in files:
        digest.update(f"\n{file.category}\n{file.path.name}\n{file.path.stat().st_size}\n".encode())
        with file.path.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _write(files: Sequence[ListFile], folder: Path) -> None:
    """Write the arrays beside their place and rename, so that racing workers see all of them or nothing."""
    names = tuple(dict.fromkeys(file.category for file in files))
    parts = [np.fromiter((hash_key(key) for key in read_keys(file.path)), dtype=np.uint64) for file in files]
    numbers = [np.full(len(part), names.index(file.category)) for part, file in zip(parts, files, strict=True)]
    hashes, first = np.unique(np.concatenate(parts), return_index=True)
    categories = np.concatenate(numbers)[first].astype(np.uint16)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".tmp", dir=folder.parent))
    try:
        np.save(scratch / "hashes.npy", hashes)
        np.save(scratch / "categories.npy", categories)
        (scratch / "names.json").write_text(json.dumps(names))
        scratch.rename(folder)
    except OSError:
        # Another worker was first: what it wrote is the same.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
