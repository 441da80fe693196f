"""The files of payloads that patterns name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from datagen.payloads.read import JSONL
from pipelines.read.files import InputError, InputFile, fixed_folder, once_each, open_filesystem, refuse_nothing
from pipelines.read.files import find_inputs as find_document_files

MAIL = (".mbox", ".eml", ".txt")


def find_payload_files(patterns: Sequence[str]) -> list[InputFile]:
    """The files, and Maildir folders, that the patterns name, each once, sorted by name; no two have one name.

    Raises InputError: nothing matches, all are empty, or a file is of a kind that holds no payloads.
    """
    if not patterns:
        raise InputError("no input is named: give at least one file or pattern")
    found = once_each(file for pattern in patterns for file in _match(pattern))
    refuse_nothing(found)
    return found


def _match(pattern: str) -> list[InputFile]:
    """What one pattern names; mail, chats and Maildir folders only on this machine."""
    filesystem, path = open_filesystem(pattern)
    if not isinstance(filesystem, LocalFileSystem):
        return [_checked(file) for file in find_document_files([pattern])]
    is_pattern = fsspec.core.has_magic(path) and not filesystem.exists(path)
    names = [Path(str(name)) for name in (filesystem.glob(path) if is_pattern else [path])]
    mail = [name for name in names if _is_mail(name)]
    for name in names:
        if name.is_file():
            _check(str(name))
        elif name.is_dir() and not is_pattern and name not in mail:
            raise InputError(f"{name}: is a folder, and no Maildir. Name its files, for instance '{name}/*.mbox'")
    if not mail:
        return find_document_files([pattern])
    rest = [str(name) for name in names if name.is_file() and name not in mail]
    found = [*map(_input_file, mail), *(find_document_files(rest) if rest else ())]
    folder = Path(fixed_folder(path) if is_pattern else path.rpartition("/")[0])
    return [replace(file, relative_name=Path(file.uri).relative_to(folder).as_posix()) for file in found]


def _checked(file: InputFile) -> InputFile:
    _check(file.uri)
    return file


def _check(name: str) -> None:
    """Raises InputError: no payloads are read from such a file."""
    if not name.endswith((*JSONL, *MAIL)):
        raise InputError(
            f"{name}: payloads are read from {', '.join((*JSONL, *MAIL))} and Maildir folders; narrow the pattern"
        )


def _is_mail(path: Path) -> bool:
    return (path / "cur").is_dir() or (path / "new").is_dir() or (path.is_file() and path.suffix in MAIL)


def _input_file(path: Path) -> InputFile:
    """A file; a folder counts by the sizes and the latest change of the files in it."""
    stats = [file.stat() for file in (path.rglob("*") if path.is_dir() else [path])]
    changed = max((stat.st_mtime for stat in stats), default=0.0)
    return InputFile(
        uri=str(path),
        size=sum(stat.st_size for stat in stats),
        modified_at=datetime.fromtimestamp(changed, UTC),
        etag=None,
        format="mail",
        relative_name=path.name,
    )
