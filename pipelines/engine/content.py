"""What a part of a recipe says, files by their content: an edited word list is another recipe, a moved one is not."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import xxhash
from pydantic import BaseModel, JsonValue

from filters.lists import find_list
from schemas.fingerprint import fingerprint

CHUNK_BYTES = 1 << 20


def content(value: object) -> JsonValue:
    """``value`` (models, mappings, sequences, scalars) as JSON, with a digest in place of each file's path.

    Raises:
        SettingError: a file that the recipe names is not there.
        TypeError: something that is none of these.
    """
    if isinstance(value, Path):
        return digest_path(find_list(value))
    if isinstance(value, BaseModel):
        return {name: content(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): content(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [content(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


def digest_path(path: Path) -> str:
    """Digest of a file's content, or of all files in a folder with their names."""
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return fingerprint(
        [
            [file.relative_to(path).as_posix(), _digest_file(file, file.stat().st_size, file.stat().st_mtime_ns)]
            for file in files
        ]
    )


@lru_cache(maxsize=4096)
def _digest_file(path: Path, size: int, modified: int) -> str:  # a changed file is read again
    digest = xxhash.xxh3_128()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
