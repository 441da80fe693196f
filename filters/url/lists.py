"""Reads domain and URL lists in the UT1 format."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filters.errors import SettingError
from filters.lists import find_list
from filters.url.canonical import canonical_host

FILE_NAMES = ("domains", "domains.gz", "urls", "urls.gz")


@dataclass(frozen=True)
class ListFile:
    """One file of entries and the category that it stands for."""

    path: Path
    category: str


def list_files(lists: Sequence[Path], categories: Sequence[str] | None) -> list[ListFile]:
    """The files behind the settings, in a fixed order.

    Raises ``SettingError`` for a list that is missing, a folder without lists or a category that no folder has.
    """
    found: list[ListFile] = []
    for given in lists:
        path = find_list(given)
        if path.is_file():
            found.append(ListFile(path, path.name.split(".")[0]))
            continue
        names = _folders(path, categories)
        files = [ListFile(folder / name, folder.name) for folder in names for name in FILE_NAMES]
        files = [file for file in files if file.path.is_file()]
        if not files:
            raise SettingError(f"list {path}: no file named `domains` or `urls` (or .gz) in it or in its sub-folders")
        found += files
    missing = set(categories or ()) - {file.category for file in found}
    if missing:
        raise SettingError(f"categories not in the lists {[str(path) for path in lists]}: {', '.join(sorted(missing))}")
    return found


def _folders(path: Path, categories: Sequence[str] | None) -> list[Path]:
    if any((path / name).is_file() for name in FILE_NAMES):
        return [path]
    return sorted(
        folder for folder in path.iterdir() if folder.is_dir() and (categories is None or folder.name in categories)
    )


def read_keys(path: Path) -> Iterator[str]:
    """The entries of a file as they are looked up: host, or host and path; no scheme, ``www.`` or final slash."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            # UT1 has a few lines that are not UTF-8; they can match nothing, and must not stop the rest.
            entry = line.decode("utf-8", "replace").strip()
            if entry and not entry.startswith("#"):
                yield url_key(entry)


def url_key(url: str) -> str:
    """A URL as lists write it: ``host/path?query`` without scheme, user, port, ``www.``, fragment or final slash."""
    rest = url.partition("#")[0].rpartition("://")[2] if "://" in url.partition("?")[0] else url.partition("#")[0]
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    host = rest[:end].rpartition("@")[2]
    if not host.startswith("["):
        host = host.partition(":")[0]
    return canonical_host(host).removeprefix("www.") + rest[end:].rstrip("/")
