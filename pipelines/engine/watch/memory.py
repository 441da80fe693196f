"""Memory of the whole process tree: its peak, sampled while a run goes on, and how little of it workers hold."""

import os

import psutil

from pipelines.engine.watch.background import Background

SAMPLE_SECONDS = 5.0
"""Adding up what processes share takes the kernel some ten milliseconds each."""

LEAN_ALLOCATION = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
}
"""Settings of glibc and Arrow under which freed memory goes back to the system, but for what the next page will need:
giving that back too would spare 180 MB of 1.2 GB, and make a run a sixth longer. They are read when a process starts,
so they are for workers. Elsewhere they mean nothing."""


def set_lean_allocation() -> None:
    """Let processes started from here on give freed memory back; what the user has set stays."""
    for name, value in LEAN_ALLOCATION.items():
        os.environ.setdefault(name, value)


class PeakMemory(Background):
    """Samples the memory of a process and all its descendants from a thread.

    On Linux the proportional set size: a page that processes share counts once in the sum. Elsewhere the resident set
    size, in which it counts once a process.
    """

    def __init__(self, root: int | None = None) -> None:
        """``root`` is the process to watch, this one if not given."""
        super().__init__()
        self._root = root
        self.peak_bytes = 0

    def _run(self) -> None:
        while True:
            total = 0
            for process in self._tree():
                try:
                    total += _memory(process)
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue  # it ended between the listing and the look
            self.peak_bytes = max(self.peak_bytes, total)
            if self._stop.wait(SAMPLE_SECONDS):
                return

    def _tree(self) -> list[psutil.Process]:
        try:
            root = psutil.Process(self._root)
            return [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:  # the watched process has ended
            return []


def _memory(process: psutil.Process) -> int:
    full = process.memory_full_info()
    return getattr(full, "pss", full.rss)
