"""A generation killed (kill -9) at random moments and run again: what was asked twice, and the bytes at the end.

    python -m benchmarks.kills --input '../shared/data/summarization/*.jsonl.gz' [--limit 300] [--kills 10]

The judge is the log of the server (tests/support/fake_endpoint.py), which answers, refuses 10 % and breaks 2 %. An
answer counts as given when the client is still there to take it. What is under way at a kill is taken in by the run's
courier, for which the next run waits; so every repetition is a fault. The run's whole process group is killed.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from datagen.journal.lock import RunLock
from datagen.journal.segment import read_segment, segments
from tests.support.endpoints import FakeEndpoint, fake_endpoint

FAULTS = {"refuse": 0.1, "break": 0.02, "seconds": 0.3, "at_once": 16}
OUTPUTS = ("kept", "rejected", "failures", "dead-letters")
AT_ONCE = 4
"""Requests under way; few, so that some are at every kill and enough are left for the next."""
SEED = 1
COURIER_SECONDS = 60.0
"""More than any answer takes."""


def command(server: FakeEndpoint, inputs: str, limit: int, out: Path) -> list[str]:
    """The command that is killed; the recipe's gates judge as always."""
    return [
        sys.executable, "-c", "from pipelines.cli import main; main()", "generate", "summaries", "--input", inputs,
        "--limit", str(limit), "--out", str(out),
        "--set", f"teacher={{type: endpoint, url: {server.url}, model: fake}}", "--set", "flow.backoff_seconds=0.1",
        "--set", f"flow.max_concurrency={AT_ONCE}",
    ]  # fmt: skip


def journalled(out: Path) -> int:
    """Answers that are on disk."""
    return sum(1 for path in segments(out / "journal") for _ in read_segment(path))


def written(out: Path) -> dict[str, bytes]:
    """All rows that a run has written."""
    return {str(path.relative_to(out)): path.read_bytes() for kind in OUTPUTS for path in (out / kind).rglob("*")}


def kill_at(arguments: list[str], server: FakeEndpoint, answers: int, delay: float) -> bool:
    """Run, and kill its group some seconds after so many new answers; False if it was done before."""
    before = server.answered().total()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and server.answered().total() < before + answers:
        time.sleep(0.02)
    time.sleep(delay)
    killed = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return killed


def main() -> None:
    """Run it unbroken, then broken, and print a line a kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--kills", type=int, default=10)
    options = parser.parse_args()
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fake_endpoint(folder / "unbroken", **FAULTS) as server:
            subprocess.run(command(server, options.input, options.limit, folder / "a"), check=True, capture_output=True)
        with fake_endpoint(folder / "broken", **FAULTS) as server:
            arguments, out = command(server, options.input, options.limit, folder / "b"), folder / "b"
            print(f"{'kill':>4} {'answered':>9} {'on disk':>8} {'after the courier':>18} {'on disk':>8}")
            most = max(1, options.limit // options.kills - 2 * AT_ONCE)
            for number in range(1, options.kills + 1):
                if not kill_at(arguments, server, draw.randint(1, most), draw.uniform(0.0, 0.3)):
                    raise SystemExit("it was done before it could be killed: raise --limit")
                given, kept = len(server.answered()), journalled(out)
                with RunLock(out / "journal", COURIER_SECONDS, print):  # as the next run waits
                    later, all_kept = len(server.answered()), journalled(out)
                print(f"{number:>4} {given:>9,} {kept:>8,} {later:>18,} {all_kept:>8,}", flush=True)
            subprocess.run(arguments, check=True, capture_output=True)
            answered = server.answered()
        repeated = answered.total() - len(answered)
        same = written(folder / "a") == written(folder / "b")
    print(f"requests: {len(answered):,}; answered more than once: {repeated}")
    print(f"bytes of the rows: {'the same as' if same else 'NOT those of'} the unbroken run")
    if not same or repeated:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
