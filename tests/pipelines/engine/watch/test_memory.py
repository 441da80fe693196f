import os
import subprocess
import sys

from pipelines.engine.watch.memory import LEAN_ALLOCATION, PeakMemory, set_lean_allocation

HOLD = "import time; block = bytearray(200 << 20); block[::4096] = b'x' * len(block[::4096]); time.sleep(2)"


def test_the_peak_counts_descendants():
    with PeakMemory() as memory:
        child = subprocess.Popen([sys.executable, "-c", HOLD])
        child.wait()
    assert memory.peak_bytes > 200 << 20


def test_a_process_that_has_ended_is_no_error():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    with PeakMemory(child.pid) as memory:
        pass
    assert memory.peak_bytes == 0


def test_what_the_user_has_set_stays(monkeypatch):
    for name in LEAN_ALLOCATION:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    set_lean_allocation()
    assert os.environ["MALLOC_ARENA_MAX"] == "4"
    assert os.environ["ARROW_DEFAULT_MEMORY_POOL"] == "system"
