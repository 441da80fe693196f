"""The process that extracts: it may hang, swell or crash, and nothing is lost but the page at hand."""

import ctypes
import faulthandler
import os
import resource
import signal
import socket
import struct
import sys
from datetime import date

from pipelines.extract.batch_file import encode_outcome, read_page, write_all
from pipelines.extract.nesting import is_nested_deeper
from pipelines.extract.page import Engine, Extracted, ExtractionFailure
from schemas.recipe.extract import PageLimits

BATCH = struct.Struct("<IIQ")
"""Pages in the file, how many of them have an outcome, offset of the next outcome. The file comes with it."""
LENGTH = struct.Struct("<I")
"""Sent for each page: the bytes of its outcome."""
EXIT_RECYCLED = 0
EXIT_MEMORY = 3

MAX_PAGES = 2_000
MAX_GROWTH = 96 << 20
"""Bytes of peak memory. Freed memory stays with the process, and trafilatura's caches keep strings of past pages."""
PR_SET_PDEATHSIG = 1


def work(requests: socket.socket, engine: Engine, limits: PageLimits) -> None:
    """Extract the pages of every batch that arrives, until there are no more or it is time to be replaced."""
    _die_with_parent()
    faulthandler.enable()
    _limit_memory(limits.memory_limit_mb << 20)
    start = _peak_memory()
    worked = 0
    while True:
        message, files, _, _ = socket.recv_fds(requests, BATCH.size, 1)
        if not message:
            return
        count, done, outcome_offset = BATCH.unpack(message)
        page_offset = 0
        for index in range(count):
            html, url, fetched, page_offset = read_page(files[0], page_offset)
            if index < done:
                continue
            outcome = _extract(engine, limits, html, url, fetched)
            growth = _peak_memory() - start
            if not _has_text(outcome) and growth > limits.memory_limit_mb << 19:
                # Parsers swallow a failed allocation and return nothing: over half of the limit, no coincidence.
                os._exit(EXIT_MEMORY)
            encoded = encode_outcome(outcome)
            write_all(files[0], encoded, outcome_offset)
            outcome_offset += len(encoded)
            requests.sendall(LENGTH.pack(len(encoded)))
            worked += 1
            if worked == MAX_PAGES or growth > MAX_GROWTH:
                os._exit(EXIT_RECYCLED)
        os.close(files[0])


def _extract(
    engine: Engine, limits: PageLimits, html: bytes, url: str | None, fetched: date | None
) -> Extracted | ExtractionFailure:
    if is_nested_deeper(html, limits.max_nesting):
        return ExtractionFailure("PageTooDeep", f"more than {limits.max_nesting} tags are open at once")
    # CPU time, so that the verdict does not depend on what else the machine does. The default action of SIGPROF ends
    # the process even within native code, where no handler of Python's would run.
    signal.setitimer(signal.ITIMER_PROF, limits.time_limit_seconds)
    try:
        return engine(html.decode(), url, fetched)
    except MemoryError:
        os._exit(EXIT_MEMORY)
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a page, it costs that page alone
        return ExtractionFailure("ExtractionError", f"{type(error).__name__}: {error}"[:500])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _has_text(outcome: Extracted | ExtractionFailure) -> bool:
    return isinstance(outcome, Extracted) and bool(outcome.text)


def _die_with_parent() -> None:
    """On Linux at once; elsewhere the end of the socket tells, once the page at hand is done."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _limit_memory(limit: int) -> None:
    """Let the address space grow by ``limit`` bytes. Linux only: macOS does not keep to it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with open("/proc/self/statm") as statm:  # noqa: PTH123 - a plain open costs a tenth of pathlib's
            size = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + limit, size + limit))


def _peak_memory() -> int:
    """Bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10
