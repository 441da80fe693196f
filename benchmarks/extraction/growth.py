"""What a page costs as it grows: CPU time against its size and against its nesting, as a plot in text."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from math import log10
from multiprocessing.connection import Connection
from typing import NamedTuple

from benchmarks.extraction.contenders import Contender, Extract
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.labels import Label
from pipelines.extract.page import Page

SIZES = tuple(int(10**exponent) for exponent in (4, 4.5, 5, 5.5, 6, 6.5, 7, 7.3, 7.7))
"""Characters, up to 50 million."""
DEPTHS = (10, 100, 1_000, 10_000, 100_000, 200_000)
"""Tags that are open at once."""
WIDTH = 60
PATIENCE = 60.0
"""CPU seconds for a page; an engine that needs more is not given a larger one."""
PARAGRAPH = (
    '<div class="post" id="p{0}"><h2>Heading {0}</h2><p>Some words of text, with a <a href="/x{0}">link</a> and '
    "&amp; more words, number {0}.</p><ul><li>item</li><li>another</li></ul></div>\n"
)


class Cost(NamedTuple):
    """CPU seconds and additional bytes of memory at the worst moment."""

    size: int
    seconds: float
    peak: int
    error: str


def long_page(size: int) -> str:
    """An article of about ``size`` characters."""
    count = max(1, size // len(PARAGRAPH.format(10_000)))
    return f"<html><body><article>{''.join(map(PARAGRAPH.format, range(count)))}</article></body></html>"


def deep_page(depth: int) -> str:
    """``depth`` elements in one another, with a sentence at the end of them."""
    return f"<html><body>{'<div>' * depth}<p>Some words of text.</p>{'</div>' * depth}</body></html>"


def measure(contender: Contender, pages: Iterable[tuple[int, str]]) -> list[Cost]:
    """What each page costs, each in a process of its own, until one takes too long."""
    extract = contender.prepare()
    extract(_page(long_page(1_000)))
    found = []
    for size, html in pages:
        found.append(_in_child(extract, size, html))
        if found[-1].seconds >= PATIENCE:
            break
    return found


def _in_child(extract: Extract, size: int, html: str) -> Cost:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(extract, html, theirs))
    process.start()
    theirs.close()
    seconds, error, peak = PATIENCE, f"more than {PATIENCE:g} s", 0
    if ours.poll(2 * PATIENCE):
        try:
            seconds, error, peak = ours.recv()
        except EOFError:
            seconds, error = 0.0, "crashed"
    process.kill()
    process.join()
    return Cost(size, seconds, peak, error)


def _child(extract: Extract, html: str, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(PATIENCE) + 1, int(PATIENCE) + 1))
    error, before, started = "", _peak_memory(), time.process_time()
    try:
        extract(_page(html))
    except Exception as raised:  # noqa: BLE001 - whatever a library raises on a page is a result
        error = type(raised).__name__
    answer.send((time.process_time() - started, error, _peak_memory() - before))


def _peak_memory() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def _page(html: str) -> LabelledPage:
    return LabelledPage(Page("", html), Label(url="https://example.org/", lang="en"))


def plot(title: str, unit: str, found: Sequence[Cost]) -> str:
    """A line a page: size, time, time for a million of its units, memory, and a bar that grows by decades of time."""
    lines = [title]
    for size, seconds, peak, error in found:
        bar = "#" * max(1, round(WIDTH * (log10(max(seconds, 1e-4)) + 4) / 6))
        cost = f"{1e3 * seconds:>11,.1f} ms{1e6 * seconds / size:>9.2f} s/M{peak / 1e6:>8,.0f} MB"
        lines.append(f"{size:>12,} {unit}{cost}  {bar} {error}")
    return "\n".join(lines)


def growth(contenders: Sequence[Contender], write: Callable[[str], None]) -> None:
    """Plots of all contenders."""
    for contender in contenders:
        sizes = measure(contender, ((size, long_page(size)) for size in SIZES))
        write(plot(f"{contender.name}: against size", "characters", sizes))
        depths = measure(contender, ((depth, deep_page(depth)) for depth in DEPTHS))
        write(plot(f"{contender.name}: against nesting", "tags", depths))
