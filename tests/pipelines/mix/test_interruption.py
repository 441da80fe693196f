"""A mixture that was killed ends with the same bytes when the same command is run again."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.pipelines.mix.conftest import outputs
from tests.pipelines.mix.shards import write_shards


def command(recipe: Path, pattern: str, model: str, out: Path) -> list[str]:
    options = ["--input", pattern, "--tokenizer", model, "--out", str(out), "--workers", "2"]
    return [sys.executable, "-c", "from pipelines.cli import main; main()", "mix", str(recipe), *options]


def wait_for(condition, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


@pytest.mark.slow
def test_killed_twice_it_resumes_to_the_same_bytes(recipe_file, model, documents, fingerprint, mix, tmp_path):
    pattern, out = write_shards(tmp_path / "in", documents, 6, fingerprint), tmp_path / "out"
    for moment in ("records/mix-spread", "records/mix-pack"):
        process = subprocess.Popen(
            command(recipe_file, pattern, model, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(lambda folder=out / moment: list(folder.glob("*.json")))
        descendants = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (out / "manifest.json").exists()
        wait_for(lambda all=descendants: not any(each.is_running() and each.status() != "zombie" for each in all), 60)
    _, printed = mix(pattern, out)
    assert "resuming: units already done: mix-keys 6/6, mix-strata 1/1, mix-plan 1/1, mix-spread 6/6" in printed
    mix(pattern, tmp_path / "unbroken")
    assert outputs(out) == outputs(tmp_path / "unbroken")
    assert not list(out.rglob("*.tmp"))
