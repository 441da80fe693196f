"""What is left after a run was killed, or could not write: the same command ends with the same bytes."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.pipelines.web.conftest import outputs
from tests.pipelines.web.crawl import write_crawl


def command(recipe: Path, crawl: str, out: Path, workers: int) -> list[str]:
    options = ["--input", crawl, "--out", str(out), "--workers", str(workers)]
    return [sys.executable, "-c", "from pipelines.cli import main; main()", "run", str(recipe), *options]


def wait_for(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


@pytest.mark.parametrize("moment", ["stages/extract", "kept"])
def test_killed_in_the_middle_it_resumes_to_the_same_bytes(recipe_file, tmp_path, moment):
    crawl = write_crawl(tmp_path / "crawl", shards=6, pages=100)
    unbroken, out = tmp_path / "unbroken", tmp_path / "out"
    subprocess.run(command(recipe_file, crawl, unbroken, 2), check=True, capture_output=True)
    process = subprocess.Popen(
        command(recipe_file, crawl, out, 2), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: list((out / moment).glob("*.parquet")))
    descendants = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "manifest.json").exists()
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in descendants), 60)
    # Workers may end a shard after their driver has died, even the last one: then only the manifest is missing.
    again = subprocess.run(command(recipe_file, crawl, out, 2), check=True, capture_output=True, text=True)
    assert "resuming: shards already done" in again.stdout
    assert outputs(out) == outputs(unbroken)
    assert not list(out.rglob("*.tmp"))


def workers_of(driver: int) -> list[psutil.Process]:
    """The workers of a run: they are forked from the process that its driver starts for that."""
    servers = [
        child for child in psutil.Process(driver).children() if "pipelines.engine.forks.server" in child.cmdline()
    ]
    return [worker for server in servers for worker in server.children()]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_a_worker_that_is_killed_ends_the_run_with_a_line_and_the_same_command_goes_on(recipe_file, tmp_path):
    crawl = write_crawl(tmp_path / "crawl", shards=6, pages=100)
    unbroken, out = tmp_path / "unbroken", tmp_path / "out"
    subprocess.run(command(recipe_file, crawl, unbroken, 2), check=True, capture_output=True)
    process = subprocess.Popen(
        command(recipe_file, crawl, out, 2), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: list((out / "stages" / "extract").glob("*.parquet")))
    descendants = psutil.Process(process.pid).children(recursive=True)
    workers_of(process.pid)[0].kill()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("orchard: a worker has ended before its work was done")
    assert "run the same command again" in said
    assert len(said.splitlines()) == 1
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in descendants), 60)
    subprocess.run(command(recipe_file, crawl, out, 2), check=True, capture_output=True)
    assert outputs(out) == outputs(unbroken)


def limit_file_size() -> None:
    """From here on, writing beyond 20 kB fails as on a full disk, in every process of the run."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_where_it_cannot_write_it_says_where_and_goes_on_later(recipe_file, tmp_path):
    crawl = write_crawl(tmp_path / "crawl", shards=2, pages=200)
    out, unbroken = tmp_path / "out", tmp_path / "unbroken"
    # The first run compiles kernels into a folder of their own: a file cut short would spoil later ones.
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    subprocess.run(command(recipe_file, crawl, unbroken, 1), check=True, capture_output=True, env=environment)
    failed = subprocess.run(
        command(recipe_file, crawl, out, 1),
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=limit_file_size,
        env=environment,
    )
    assert failed.returncode == 1
    assert "orchard: cannot write" in failed.stderr
    assert "crawl-0" in failed.stderr
    assert "run the same command again" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (out / "manifest.json").exists()
    assert not list(out.rglob("*.tmp"))
    subprocess.run(command(recipe_file, crawl, out, 1), check=True, capture_output=True)
    assert outputs(out) == outputs(unbroken)
