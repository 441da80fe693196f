"""Word lists that come with Orchard, one folder a source; each folder has a NOTICE with its licence."""

from pathlib import Path

from filters.errors import SettingError

PACKAGED = Path(__file__).parent


def find_list(path: Path) -> Path:
    """The file or folder that a recipe names: as given, else among the packaged lists.

    Raises ``SettingError`` where there is neither.
    """
    for candidate in (path, PACKAGED / path):
        if candidate.exists():
            return candidate
    packaged = sorted(str(found.relative_to(PACKAGED)) for found in PACKAGED.iterdir() if found.is_dir())
    raise SettingError(f"list {path}: no such file or folder, and not one of the packaged: {', '.join(packaged)}")


def read_entries(path: Path) -> list[str]:
    """The entries of a list: UTF-8, one a line; empty lines and lines that start with ``#`` are comments.

    Raises ``SettingError`` where the file is not UTF-8.
    """
    try:
        lines = (line.strip() for line in path.read_text("utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise SettingError(f"list {path}: not UTF-8 ({error}); convert it, one entry a line") from error
    return [line for line in lines if line and not line.startswith("#")]
