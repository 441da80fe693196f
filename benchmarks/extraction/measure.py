"""What the engines find on labelled pages, and what it costs: in turns, page by page, and never twice.

The engines take turns of ``TURN`` pages, so that whatever else the machine does falls on all of them alike. Each result
is written as soon as it is there, with the day and the load at which its CPU time was taken.
"""

import logging
import signal
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import xxhash

from benchmarks.extraction.contenders import Contender, Extract
from benchmarks.extraction.machine import load, machine
from benchmarks.extraction.store import Store
from benchmarks.extraction.watch import Watch
from pipelines.extract.labelled import LabelledPage

TURN = 50
"""Pages."""
WARM_UP = 5
"""Pages that are extracted before the clock runs: imports, compilation, caches."""
LONGEST = 60.0
"""CPU seconds for a page; then the engine has failed on it."""


class Result(NamedTuple):
    """One engine on one page."""

    text: str
    milliseconds: float
    """CPU of this process, from the decoded page to the text."""
    error: str
    """The class of what it raised; then the text is empty."""
    measured: str
    """When the turn began, UTC, to the minute."""
    load: float
    """Of each core then; above 1, the machine was busy and times are longer than they need be."""


class OutOfTimeError(BaseException):
    """A page took too long; no ``except Exception`` of a library may catch it."""


def page_key(labelled: LabelledPage) -> str:
    """A digest of all that engines see of a page."""
    page = labelled.page
    seen = (page.html, page.url or "", str(page.fetched or ""), labelled.label.lang)
    return xxhash.xxh3_128_hexdigest("\0".join(seen).encode("utf-8", "surrogatepass"))


def store_path(cache: Path, contender: Contender) -> Path:
    """The file with an engine's results; another release, other models or another machine have another."""
    name = "".join(letter if letter.isalnum() else "-" for letter in contender.name)
    depends = xxhash.xxh3_64_hexdigest(f"{contender.version} on {machine()}".encode())
    return cache / f"{name}-{depends}.jsonl"


def run(
    contenders: Sequence[Contender], pages: Sequence[LabelledPage], cache: Path | None, watch: Watch
) -> tuple[dict[str, list[Result]], list[str]]:
    """Each engine's results of all pages, in their order; and why engines are left out."""
    keys = [page_key(page) for page in pages]
    stores: dict[str, Store[Result]] = {}
    ready: dict[str, Extract] = {}
    left_out: list[str] = []
    for contender in contenders:
        store = Store(Result, store_path(cache, contender) if cache else None)
        missing = sum(key not in store for key in keys)
        watch.say(f"{contender.name}: {missing:,} pages to extract, {len(keys) - missing:,} known from the cache")
        try:
            if missing:
                ready[contender.name] = contender.prepare()
            stores[contender.name] = store
        except ImportError as error:
            left_out.append(f"{contender.name}: cannot be imported ({error})")
    with _quiet():
        for extract in ready.values():
            for page in pages[:WARM_UP]:
                extract_one(extract, page)
        watch.begin("extracting", len(ready) * len(pages))
        for start in range(0, len(pages), TURN):
            turn = range(start, min(start + TURN, len(pages)))
            for name, extract in ready.items():
                _take_turn(extract, stores[name], [(keys[place], pages[place]) for place in turn])
                watch.advance(len(turn), name)
    return {name: [store[key] for key in keys] for name, store in stores.items()}, left_out


def _take_turn(extract: Extract, store: Store[Result], pages: Sequence[tuple[str, LabelledPage]]) -> None:
    now, busy = datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), load()
    for key, page in pages:
        if key not in store:
            text, milliseconds, error = extract_one(extract, page)
            store.put(key, Result(text, milliseconds, error, now, busy))


def extract_one(extract: Extract, labelled: LabelledPage) -> tuple[str, float, str]:
    """Text, CPU milliseconds, and the class of what was raised."""
    error, text = "", ""
    started = time.process_time()
    try:
        with _time_limit():
            text = extract(labelled)
    except OutOfTimeError:
        error = f"more than {LONGEST:g} s"
    except Exception as raised:  # noqa: BLE001 - whatever a library raises on a page is a result
        error = type(raised).__name__
    spent = 1e3 * (time.process_time() - started)
    return (text or "").encode("utf-8", "replace").decode(), round(spent, 3), error


@contextmanager
def _time_limit() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what libraries have to say of pages."""
    before = logging.root.manager.disable
    logging.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.disable(before)
