"""Finding input files: local, gs://, s3://, memory:// and whatever else fsspec knows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import fsspec
import xxhash
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

Format = Literal["warc", "parquet", "jsonl", "mail"]

_ENDINGS: Mapping[str, Format] = {
    ".warc": "warc",
    ".wet": "warc",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
SUFFIXES: Mapping[str, Format] = {
    ".parquet": "parquet",
    **{ending + codec: kind for ending, kind in _ENDINGS.items() for codec in ("", ".gz", ".zst")},
}
"""How the names of readable files end, and how those are read. Which compression it is, the bytes say."""

_EXTRAS = {"gs": "gcp", "gcs": "gcp", "s3": "s3", "s3a": "s3"}


class InputError(Exception):
    """Input that cannot be worked on; names the pattern or the file, and the way out. Raised before work starts."""


@dataclass(frozen=True)
class InputFile:
    """A file to read, as it was when it was found."""

    uri: str
    """Absolute path, or URL with its scheme."""
    size: int
    """Bytes."""
    modified_at: datetime | None
    """UTC; null where the store does not say."""
    etag: str | None
    """The store's own mark of the content, if it has one."""
    format: Format
    relative_name: str
    """Path below the longest folder of its pattern that has no wildcard; unique among the inputs of a run."""


def find_inputs(patterns: Sequence[str]) -> list[InputFile]:
    """The files that the patterns (``*``, ``**``, ``?``, ``[ab]``) name, each once, sorted by relative name.

    The order of the patterns makes no difference. An empty file is found like any other, and becomes a dead letter
    when it is read: one failed download must not stop ten thousand files.

    Raises:
        InputError: no pattern; a pattern without a match, a folder, a missing file; a name of unknown format; a scheme
            without its package; nothing but empty files.
    """
    if not patterns:
        raise InputError("no input is named: give at least one file or pattern")
    found = once_each(file for pattern in patterns for file in _match(pattern))
    refuse_nothing(found)
    return found


def refuse_nothing(found: Sequence[InputFile]) -> None:
    """Raise InputError where all files are empty."""
    if not any(file.size for file in found):
        raise InputError(
            f"all inputs are empty (0 bytes): {_some(f.uri for f in found)}. Fetch them again, or name others"
        )


def once_each(files: Iterable[InputFile]) -> list[InputFile]:
    """Each file once, under the shortest of its relative names, none of which another file has; sorted by it."""
    found: dict[str, InputFile] = {}
    for file in files:
        known = found.get(file.uri, file)
        found[file.uri] = min(known, file, key=lambda each: (len(each.relative_name), each.relative_name))
    return sorted(_with_unique_names(found.values()), key=lambda file: file.relative_name)


def _match(pattern: str) -> list[InputFile]:
    """The files that one pattern names."""
    filesystem, path = open_filesystem(pattern)
    is_pattern = fsspec.core.has_magic(path) and not filesystem.exists(path)
    if is_pattern:
        matches: Mapping[str, dict] = filesystem.glob(path, detail=True)  # pyright: ignore[reportAssignmentType]
        infos = [info if info["type"] != "other" else _info(filesystem, path) for path, info in matches.items()]
        infos = [info for info in infos if info["type"] == "file"]
        if not infos:
            folders = f" (only folders, such as {_some(matches)})" if matches else ""
            raise InputError(f"{pattern}: no file matches{folders}. Check the path, and quote patterns in the shell")
    else:
        infos = [_info(filesystem, path)]
        if infos[0]["type"] != "file":
            example = f"{pattern.rstrip('/')}/**/*.warc.gz"
            raise InputError(f"{pattern}: is a folder. Name its files, for instance '{example}'")
    folder = fixed_folder(path) if is_pattern else filesystem._parent(path)
    return [_input_file(filesystem, info, folder) for info in infos]


def open_filesystem(pattern: str) -> tuple[AbstractFileSystem, str]:
    """The filesystem of a pattern, and the path there. Raises InputError for a scheme that cannot be used."""
    try:
        return fsspec.core.url_to_fs(pattern)
    except ImportError as error:
        scheme = pattern.split("://", 1)[0]
        extra = _EXTRAS.get(scheme)
        install = f"pip install 'orchard[{extra}]'" if extra else str(error)
        raise InputError(f"{pattern}: reading {scheme}:// needs another package: {install}") from error
    except ValueError as error:
        raise InputError(f"{pattern}: {error}. Use a local path, gs://, s3:// or another scheme of fsspec") from error


def _info(filesystem: AbstractFileSystem, path: str) -> dict:
    """What the store says of a file or folder, links followed. Raises InputError if it is missing or forbidden."""
    name = _uri(filesystem, path)
    try:
        return filesystem.info(path)
    except FileNotFoundError as error:
        raise InputError(f"{name}: there is no such file. Check the path") from error
    except PermissionError as error:
        raise InputError(f"{name}: not allowed to read it. Check its permissions, or log in to its store") from error


def fixed_folder(path: str) -> str:
    """The longest folder at the start of a pattern that has no wildcard."""
    parts = path.split("/")
    first = next(position for position, part in enumerate(parts) if fsspec.core.has_magic(part))
    return "/".join(parts[:first])


def _input_file(filesystem: AbstractFileSystem, info: Mapping, folder: str) -> InputFile:
    """An input from what its store says of it. Raises InputError if its name has no known ending."""
    path: str = info["name"]
    uri = _uri(filesystem, path)
    suffix = _suffix(path)
    if suffix is None:
        raise InputError(
            f"{uri}: cannot tell the format from the name. It should end in {', '.join(SUFFIXES)}; "
            "narrow the pattern or rename the file"
        )
    etag = info.get("ETag") or info.get("etag")
    return InputFile(
        uri=uri,
        size=int(info["size"]),
        modified_at=_modified_at(info),
        etag=str(etag) if etag else None,
        format=SUFFIXES[suffix],
        relative_name=path.removeprefix(folder).lstrip("/"),
    )


def _uri(filesystem: AbstractFileSystem, path: str) -> str:
    return path if isinstance(filesystem, LocalFileSystem) else filesystem.unstrip_protocol(path)


def _suffix(path: str) -> str | None:
    """The known ending of a name."""
    return next((suffix for suffix in SUFFIXES if path.lower().endswith(suffix)), None)


def _modified_at(info: Mapping) -> datetime | None:
    """When a file was last changed; every kind of store calls it otherwise."""
    value = next((info[key] for key in ("mtime", "LastModified", "updated", "created") if info.get(key)), None)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def _with_unique_names(files: Iterable[InputFile]) -> list[InputFile]:
    """Files whose relative names collide get 8 hex of xxh3 of their URI before the suffix: all of them, so that
    neither order nor company decides which one keeps its name.
    """
    files = list(files)
    uses = Counter(file.relative_name for file in files)
    return [
        file if uses[file.relative_name] == 1 else replace(file, relative_name=_marked_name(file)) for file in files
    ]


def _marked_name(file: InputFile) -> str:
    suffix = _suffix(file.relative_name) or ""
    stem = file.relative_name[: len(file.relative_name) - len(suffix)]
    return f"{stem}-{xxhash.xxh3_64_hexdigest(file.uri.encode())[:8]}{file.relative_name[len(stem) :]}"


def _some(names: Iterable[str]) -> str:
    """The first three names, and how many more there are."""
    names = sorted(names)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
