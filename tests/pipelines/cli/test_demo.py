"""`orchard demo` as a user runs it, and the commands that it prints."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.manifest import Manifest

ORCHARD = [sys.executable, "-c", "from pipelines.cli import main; main()", "demo", "--pages", "40", "--workers", "1"]


def demo(out: Path, repository: Path) -> str:
    """What the program prints."""
    ended = subprocess.run([*ORCHARD, "--out", str(out)], cwd=repository, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def shown(tmp_path_factory, repository) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("demo")
    return out, demo(out, repository)


def test_it_ends_with_the_funnel_and_the_places(shown):
    out, text = shown
    manifest = Manifest.model_validate_json((out / "run" / "manifest.json").read_bytes())
    assert manifest.counts.kept > 0
    assert manifest.counts.dropped
    for rule, count in manifest.counts.dropped.items():
        assert re.search(rf"{re.escape(rule[:20])}\S* +│ +{count:,} ", text)
    for place in ("kept", "dropped", "manifest.json"):
        assert f"{out}/run/{place}" in text


def test_the_printed_queries_work_when_pasted(shown, repository):
    out, text = shown
    commands = re.findall(r"^\S+ -c 'import duckdb.*?\)\.show\(\)'$", text, re.DOTALL | re.MULTILINE)
    assert len(commands) == 2
    why, longest = (
        subprocess.run(command, shell=True, cwd=repository, capture_output=True, text=True, check=True).stdout
        for command in commands
    )
    manifest = Manifest.model_validate_json((out / "run" / "manifest.json").read_bytes())
    for rule, count in manifest.counts.dropped.items():
        assert re.search(rf"│ {re.escape(rule)} +│ +{count} │", why)
    assert "https://" in longest


def test_a_second_call_renders_nothing_and_runs_nothing(shown, repository):
    out, first = shown
    text = demo(out, repository)
    assert "rendering" in first
    assert "rendering" not in text
    assert "using the pages" in text
    assert "nothing to do" in text
