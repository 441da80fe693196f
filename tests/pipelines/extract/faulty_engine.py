"""An engine that does what a page tells it to: a stand-in for faults inside native code.

Installed by tests in place of a real one; it runs in the child process.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date

from pipelines.extract.page import Engine, Extracted
from schemas.recipe.extract import ResiliparseSettings

held: list[bytes] = []


def burn() -> None:
    while True:
        pass


def swallow_memory() -> None:
    try:
        held.append(b"x" * (150 << 20))
        held.append(b"x" * (4 << 30))
    except MemoryError:
        held.clear()


def mention_rust() -> None:
    os.write(2, b"memory allocation of 4096 bytes failed\n")
    os.abort()


def interrupt() -> None:
    raise SystemExit("not an Exception")


def recurse() -> None:
    recurse()


FAULTS: dict[str, Callable[[], object]] = {
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "abort": os.abort,
    "exit": lambda: os._exit(7),
    "leave": interrupt,
    "burn": burn,
    "sleep": lambda: time.sleep(3600),
    "balloon": lambda: held.append(b"x" * (4 << 30)),
    "swallow": swallow_memory,
    "rust": mention_rust,
    "grow": lambda: held.append(b"x" * (70 << 20)),
    "raise": lambda: 1 / 0,
    "recurse": recurse,
    "print": lambda: (sys.stdout.write("noise"), sys.stderr.write("noise")),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
}


def prepare(settings: ResiliparseSettings) -> Engine:
    def extract(html: str, url: str | None, fetched: date | None) -> Extracted:
        if html in FAULTS:
            FAULTS[html]()
        if html in ("empty", "swallow"):
            return Extracted("")
        return Extracted(html, title=url, date=fetched.isoformat() if fetched else None, author=str(os.getpid()))

    return extract
