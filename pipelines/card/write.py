"""Writes both cards of a folder."""

from collections.abc import Sequence

from pipelines.card.about import describe
from pipelines.card.croissant import croissant
from pipelines.card.folder import read_folder
from pipelines.card.page import page
from pipelines.engine.outputs.files import exists, join, read_bytes, write_bytes
from pipelines.read.files import InputError

README = "README.md"
CROISSANT = "croissant.json"
_MARK = "\n<!-- Written by `orchard card`, and again by the next one: put other text into another file. -->\n"


def write_card(
    uri: str, made_from: Sequence[str], name: str | None, license: str | None, url: str | None
) -> tuple[str, str]:
    """Write README.md and croissant.json into the folder of a run; returns where they are.

    Raises InputError for a folder without a finished run, or with a README that is not ours.
    """
    from pipelines.card.header import header  # noqa: PLC0415 (huggingface_hub takes long to import)

    target = join(uri, README)
    if exists(target) and _MARK.encode() not in read_bytes(target):
        raise InputError(f"{target} was not written by `orchard card`: move it away first")
    folder, before = read_folder(uri), tuple(map(read_folder, made_from))
    about = describe(folder, before, name or uri.rstrip("/").rpartition("/")[2], license, url)
    content = f"---\n{header(folder, about)}\n---\n{_MARK}\n{page(folder, before, about)}"
    write_bytes(target, content.encode())
    write_bytes(join(uri, CROISSANT), croissant(folder, about))
    return target, join(uri, CROISSANT)
