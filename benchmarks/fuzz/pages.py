"""Pages that nobody would write: real ones spliced, cut and changed, and some made to break programs."""

import random
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipelines.extract.blocks.tags import NAMES
from pipelines.read.decode import decode

LONGEST = 60_000
"""Characters of a mutant."""
SAMPLES = files("benchmarks.fuzz").joinpath("samples")
TAGS = tuple(f"<{slash}{name}>" for name in NAMES[1:] for slash in ("", "/"))
MARKS = (
    "<!--", "-->", "<![CDATA[", "]]>", "<?", "<!", "</", "/>", "<", ">", '"', "'", "=", "&", "&#", "&amp", ";",
    "&nbsp;", "&#xD800;", "&#0;", "&#10;", "&lt;", "\x00", "\ud800", "\udfff", "\x1b", "\r", "\n", "\t", "\x0c",
    "\xa0", "\u200f", "\u2028", "\ufeff", "\ufffe", "字", "é", "ก", "a", " b ", "1.", "-", "#", "*", "_", "`", "```",
    "|", "[", "](", "\\", "~~", "+ ", "<a href='x'>", "<a href=javascript:x>", "<p class='y", "<div hidden>",
    "<ol start=7>", "<td colspan=3>", "<my-tag/>", "<pre class=language-c>", "<time datetime=2024-01-02>",
    "<meta name=author content='", "<p class=byline>by ",
    '<script type="application/ld+json">{"headline":"\\ud800\\u0000","author":[{"name":"',
    "<link rel=canonical href='http://[",
)  # fmt: skip
"""What tokenizers and writers of Markdown treat as special, whole and broken."""


def sample_pages() -> list[str]:
    """Small pages of several kinds that come with the program."""
    return [each.read_text("utf-8") for each in sorted(SAMPLES.iterdir(), key=str) if each.name.endswith(".html")]


def real_pages(folder: Path, every: int) -> list[str]:
    """Every so many of the pages of the WARC files in a folder, decoded."""
    found: list[str] = []
    count = 0
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                if count % every == 0:
                    found.append(decode(record.reader.read(), record.http_charset).text)
                count += 1
    return found


def mutate(pages: Sequence[str], choose: random.Random) -> str:
    """A page made of one or two of ``pages`` by up to four changes, at most LONGEST characters of it."""
    page = choose.choice(pages)
    start = choose.randrange(max(len(page) - LONGEST, 0) + 1)
    page = page[start : start + LONGEST]
    for _ in range(choose.randint(1, 4)):
        page = choose.choice(CHANGES)(page, pages, choose)
    return page[:LONGEST]


def _splice(page: str, pages: Sequence[str], choose: random.Random) -> str:
    other = choose.choice(pages)
    return page[: _place(page, choose)] + other[_place(other, choose) :]


def _truncate(page: str, pages: Sequence[str], choose: random.Random) -> str:
    return page[: _place(page, choose)]


def _cut_out(page: str, pages: Sequence[str], choose: random.Random) -> str:
    start = _place(page, choose)
    return page[:start] + page[start + choose.randint(1, 2_000) :]


def _repeat(page: str, pages: Sequence[str], choose: random.Random) -> str:
    start = _place(page, choose)
    end = start + choose.randint(1, 400)
    return page[:end] + page[start:end] * choose.randint(1, 50) + page[end:]


def _insert(page: str, pages: Sequence[str], choose: random.Random) -> str:
    for _ in range(choose.randint(1, 30)):
        place = _place(page, choose)
        page = page[:place] + choose.choice(choose.choice((TAGS, MARKS))) + page[place:]
    return page


def _overwrite(page: str, pages: Sequence[str], choose: random.Random) -> str:
    for _ in range(choose.randint(1, 30)):
        place = _place(page, choose)
        page = page[:place] + chr(choose.randrange(choose.choice((0x80, 0x3000, 0x11_0000)))) + page[place + 1 :]
    return page


def _place(page: str, choose: random.Random) -> int:
    return choose.randrange(len(page) + 1)


CHANGES: tuple[Callable[[str, Sequence[str], random.Random], str], ...] = (
    _splice, _truncate, _cut_out, _repeat, _insert, _overwrite,
)  # fmt: skip

WORDS = "Some words of text, and there are more of them. "
HOSTILE: dict[str, Callable[[int], str]] = {
    "nested elements": lambda n: "<div>" * (n // 5) + WORDS,
    "nested inline elements": lambda n: "<p>" + "<b>x " * (n // 5),
    "open quotes": lambda n: WORDS + '<a href="x' * (n // 10),
    "open comments": lambda n: WORDS + "<!-- x" * (n // 6),
    "open CDATA": lambda n: WORDS + "<![CDATA[x" * (n // 10),
    "a long attribute": lambda n: f"<p class='{'word ' * (n // 5)}'>{WORDS}",
    "many attributes": lambda n: f"<p {'a=b ' * (n // 4)}>{WORDS}",
    "a long reference": lambda n: f"<p>{WORDS}&#{'1' * n};",
    "ampersands": lambda n: "<p>" + "&a" * (n // 2),
    "a long table": lambda n: "<table>" + "<tr><td>a<td>b" * (n // 14),
    "a ragged table": lambda n: "<table><tr>" + "<th>a" * (n // 14) + "<tr><td>b" * (n // 14),
    "a row of code": lambda n: "<table><tr>" + "<td>a<td><pre>b</pre>" * (n // 21),
    "deep lists": lambda n: "<ul><li>x" * (n // 9),
    "lists in a list": lambda n: "<ol>" + "<li>x<ol><li>y</ol>" * (n // 19),
    "quotes": lambda n: "<blockquote>" * 600 + "<p>x" * (n // 4),
    "end tags": lambda n: "<div>" * 500 + "<b>" + "</b></i></div>" * (n // 14),
    "items out of reach": lambda n: "<li>" + "<div>" * 500 + "<li>x" * (n // 5),
    "hashes": lambda n: f"<h1>{'#' * n}a</h1>",
    "white space in code": lambda n: "<ul><li>" * 30 + f"<pre><code>x{' ' * n}x</code></pre>",
    "backticks": lambda n: "<p><code>" + "`x" * (n // 2),
    "a link of many pieces": lambda n: f"<a href=/ title='{'t' * (n // 2)}'>" + "<b>x</b> y " * (n // 22),
    "a long address": lambda n: f"<a href='data:{'t' * (n // 2)}'>" + "<p>x" * (n // 8),
    "statements": lambda n: '<script type="application/ld+json">{"a":[1]}</script>' * (n // 55) + WORDS,
    "a deep statement": lambda n: f'<script type="application/ld+json">{"[" * n}</script>{WORDS}',
    "headings": lambda n: "<title>a | b</title>" + "<h1>x y</h1>" * (n // 12),
    "bylines": lambda n: "<p class=byline>by by 1.1.2020 </p>" * (n // 35),
    "surrogates": lambda n: WORDS + "\ud800" * n,
    "NULs": lambda n: WORDS + "\0" * n,
}  # fmt: skip
"""Pages of about so many characters whose cost a careless program would let grow faster than they do."""
