"""The sets of the optional data folder (environment variable ORCHARD_SHARED, else ../shared), and their two halves."""

import gzip
import json
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import xxhash

DATA = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
LINE_ENDS = re.compile(r"(\n+)")


def rows(name: str) -> list[dict]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def is_test(key: str) -> bool:
    """Whether what has this key is only measured on."""
    return xxhash.xxh3_64_intdigest(key.encode()) % 2 == 1


class Page(NamedTuple):
    """The main text of a web page, as people marked it."""

    site: str
    source: str
    text: str


def pages(sources: Collection[str]) -> list[Page]:
    """The pages of these sources."""
    sites = {row["record_id"]: row["site"] for row in rows("web/web-dev-index")}
    truth = [row for row in rows("web/web-dev-groundtruth") if row["kind"] == "full_text" and row["text"]]
    return [Page(sites[row["record_id"]], row["source"], row["text"]) for row in truth if row["source"] in sources]


def passages(text: str, most_words: int = 250) -> list[str]:
    """A text in pieces of whole lines, as long as a payload."""
    found, piece, words = list[str](), "", 0
    for line in LINE_ENDS.split(text):
        count = len(line.split())
        if words and words + count > most_words:
            found.append(piece.strip())
            piece, words = "", 0
        piece += line
        words += count
    return [each for each in (*found, piece.strip()) if each]
