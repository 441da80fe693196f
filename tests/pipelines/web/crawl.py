"""Small crawls for the tests: WARC files of plain English pages, some of them bad in known ways."""

import random
from pathlib import Path

from tests.pipelines.read.archives import http, pack, warc

WORDS = """
the people of this small town have been working with their hands for a long time and they know that to build a house
you need good stone wood water patience many friends some luck bread wine music stories about old roads rivers
mountains gardens winter summer markets books letters children teachers doctors farmers sailors
""".split()  # noqa: SIM905
KINDS = ("good", "short", "german", "repeated", "empty")
"""Pages are of these kinds in turn; only the good ones are kept, and they hold an e-mail address."""
GERMAN = "Die Menschen in dieser kleinen Stadt arbeiten schon lange mit ihren Händen und wissen, wie man ein Haus baut."


def paragraph(source: random.Random) -> str:
    words = [source.choice(WORDS) for _ in range(source.randint(30, 60))]
    return " ".join(words).capitalize() + "."


def page(number: int) -> bytes:
    source = random.Random(number)
    kind = KINDS[number % len(KINDS)]
    paragraphs = {
        "good": [paragraph(source) for _ in range(6)] + [f"Write to reader{number}@example.org about the town."],
        "short": ["Only these few words stand here."],
        "german": [GERMAN] * 2,
        "repeated": [paragraph(source)] * 8,
        "empty": [],
    }[kind]
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return f"<html lang='en'><head><title>Page {number}</title></head><body><main>{text}</main></body></html>".encode()


def write_crawl(folder: Path, shards: int = 3, pages: int = 25) -> str:
    """Write WARC files and return the pattern that finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    for shard in range(shards):
        numbers = range(shard * pages, (shard + 1) * pages)
        records = [warc(http(page(number)), f"http://site{number % 7}.test/{number}") for number in numbers]
        (folder / f"crawl-{shard:02}.warc.gz").write_bytes(b"".join(pack(records, ".gz")))
    return str(folder / "*.warc.gz")
