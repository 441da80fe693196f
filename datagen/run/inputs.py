"""The files of payloads that patterns name."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import fsspec

from datagen.payloads.read import JSONL
from pipelines.read.files import InputError, InputFile
from pipelines.read.files import find_inputs as find_document_files

MAIL = (".mbox", ".eml", ".txt")


def find_payload_files(patterns: Sequence[str]) -> list[InputFile]:
    """The files, and Maildir folders, that the patterns name, each once, sorted by name.

    Raises InputError: nothing matches, or a file is of a kind that holds no payloads.
    """
    if not patterns:
        raise InputError("no input is named: give at least one file or pattern")
    found: dict[str, InputFile] = {}
    for pattern in patterns:
        for file in _local(pattern) or find_document_files([pattern]):
            if not file.uri.endswith((*JSONL, *MAIL)) and not Path(file.uri).is_dir():
                raise InputError(
                    f"{file.uri}: payloads are read from {', '.join((*JSONL, *MAIL))} and Maildir folders; "
                    "narrow the pattern"
                )
            found.setdefault(file.uri, file)
    return sorted(found.values(), key=lambda file: file.relative_name)


def _local(pattern: str) -> list[InputFile]:
    """Mail, chats and Maildir folders on this machine, which the finder of documents does not know."""
    filesystem, path = fsspec.core.url_to_fs(pattern)
    if "file" not in filesystem.protocol:
        return []
    names = filesystem.glob(path) if fsspec.core.has_magic(path) else [path]
    files = [Path(name) for name in names if _is_mail(Path(name))]
    return [_input_file(file) for file in files] if len(files) == len(names) else []


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
