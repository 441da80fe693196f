"""What a card says that no file says, and what follows from the counts where nobody says it."""

from collections import Counter
from dataclasses import dataclass

from pipelines.card.folder import Folder
from pipelines.export.tally import NONE

OTHER = "other"
UNKNOWN = "unknown"
"""Hugging Face's names for licences that have none, and for none at all."""


@dataclass(frozen=True)
class About:
    """Name, licence and address."""

    name: str
    license: str
    """As Hugging Face names licences: ``odc-by``, ``apache-2.0``, or `OTHER`, `UNKNOWN`."""
    url: str | None
    """Where it is published, if that is known."""
    description: str


def describe(folder: Folder, made_from: tuple[Folder, ...], name: str, license: str | None, url: str | None) -> About:
    """With a licence and a description where none is given."""
    parts = ", ".join(f"{part.rows:,} {part.what} ({part.folder}/)" for part in folder.parts)
    sources = ", ".join(source for source, _ in (folder.tokens or folder.counts("source")).most_common())
    sentence = f"{parts}{f', from {sources}' if sources else ''}. Made by Orchard {folder.manifest.code_version}."
    return About(name, license or _license(licences(folder, made_from)), url, sentence)


def licences(folder: Folder, made_from: tuple[Folder, ...]) -> Counter[str]:
    """Documents by SPDX expression: of the folder, or where it has no documents, of what it was made from."""
    return folder.counts("license") or sum((each.counts("license") for each in made_from), Counter[str]())


def _license(counts: Counter[str]) -> str:
    """That of all documents, if all have the same."""
    if set(counts) <= {NONE}:
        return UNKNOWN
    return next(iter(counts)).lower() if len(counts) == 1 and " " not in next(iter(counts)) else OTHER
