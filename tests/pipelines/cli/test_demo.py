"""`orchard demo` as a user runs it, and the commands that it prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.manifest import Manifest

ORCHARD = [sys.executable, "-c", "from pipelines.cli import main; main()", "demo", "--pages", "40", "--workers", "1"]
RUN = Path("out", "demo", "run")


def demo(folder: Path, repository: Path) -> str:
    """What the program prints, called in ``folder``."""
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    ended = subprocess.run(ORCHARD, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def shown(tmp_path_factory, repository) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder, repository)


def test_it_ends_with_the_funnel_and_the_places(shown):
    folder, text = shown
    manifest = Manifest.model_validate_json((folder / RUN / "manifest.json").read_bytes())
    assert manifest.counts.kept > 0
    assert manifest.counts.dropped
    for rule, count in manifest.counts.dropped.items():
        assert re.search(rf"{re.escape(rule[:20])}\S* +│ +{count:,} ", text)
    for place in ("kept", "dropped", "manifest.json"):
        assert f" {RUN}/{place}" in text


def test_the_printed_queries_work_when_pasted(shown):
    folder, text = shown
    commands = re.findall(r"^\S+ -c 'import duckdb.*?\)\.show\(\)'$", text, re.DOTALL | re.MULTILINE)
    assert len(commands) == 2
    why, longest = (
        subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=True).stdout
        for command in commands
    )
    manifest = Manifest.model_validate_json((folder / RUN / "manifest.json").read_bytes())
    for rule, count in manifest.counts.dropped.items():
        assert re.search(rf"│ {re.escape(rule)} +│ +{count} │", why)
    assert "https://" in longest


def test_a_second_call_renders_nothing_and_runs_nothing(shown, repository):
    folder, first = shown
    text = demo(folder, repository)
    assert "rendering" in first
    assert "rendering" not in text
    assert "using the pages" in text
    assert "nothing to do" in text
