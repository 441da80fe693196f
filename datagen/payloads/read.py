"""Payloads out of files: what a file is, is told by its name."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import fsspec

from datagen.payloads.chat import parse_chat
from datagen.payloads.jsonl import read_jsonl
from datagen.payloads.mail import read_eml, read_maildir, read_mbox
from datagen.payloads.reading import Read, Unreadable
from pipelines.read.raw.stream import decompressed_stream
from schemas.payload import Payload
from schemas.recipe.read import ReadSettings

LOCAL = {".mbox": read_mbox, ".eml": read_eml}
JSONL = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson", ".ndjson.gz")


class UnknownFormat(ValueError):
    """A file of a kind that holds no payloads."""


def read_payloads(path: str) -> Iterator[Read]:
    """The payloads of a file or Maildir folder, and what in it is none, in the order of the file.

    ``.mbox``, ``.eml``, a folder with ``cur`` and ``new``, ``.jsonl`` (also ``.gz``, ``.zst``), ``.txt`` (the export
    of a chat). Raises UnknownFormat for others.
    """
    local = Path(path)
    if (local / "cur").is_dir() or (local / "new").is_dir():
        return read_maildir(local)
    if local.suffix in LOCAL:
        return LOCAL[local.suffix](local)
    if path.endswith(JSONL):
        return _read_jsonl(path)
    if local.suffix == ".txt":
        return _read_chat(path)
    raise UnknownFormat(f"{path}: payloads are read from .mbox, .eml, Maildir folders, {', '.join(JSONL)} and .txt")


def _read_jsonl(path: str) -> Iterator[Read]:
    with fsspec.open(path, "rb") as file:
        content = decompressed_stream(cast(IO[bytes], file), path, ReadSettings().max_decompression_ratio)
        yield from read_jsonl(io.TextIOWrapper(content, encoding="utf-8", errors="replace"), Path(path).name)


def _read_chat(path: str) -> Iterator[Read]:
    with fsspec.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        parts = parse_chat("".join(lines))
    name = Path(path).name
    if parts:
        yield Payload(kind="message", parts=parts, family=name, source=name)
    else:
        yield Unreadable(name, 1, "NoConversation", "no lines of the form `sender: text`, or one sender only")
