import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.web.crawl import write_crawl

RECIPE = "name: tiny\ncollection: test\nextract: {engine: resiliparse}\nfilters: [{type: language}]\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write_crawl(tmp_path / "crawl", shards=2, pages=5)
    (tmp_path / "tiny.yaml").write_text(RECIPE)
    return tmp_path


def orchard(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    program = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
    environment = {"COLUMNS": "160", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.run(program, cwd=folder, check=False, capture_output=True, text=True, env=environment)


def test_plan_says_what_is_to_do_and_after_the_run_that_nothing_is(files: Path):
    options = ["tiny.yaml", "--input", "crawl/*.warc.gz", "--out", "out", "--workers", "1"]
    before = orchard(files, "plan", *options)
    assert before.returncode == 0, before.stderr
    assert re.search(r"extract\W+0\W+2\W", before.stdout)
    assert re.search(r"disk: +about [\d.]+ .?B to write", before.stdout)
    assert not (files / "out").exists()
    ran = orchard(files, "run", *options)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"language.score\W+2\W+20.0 %", ran.stdout)
    assert "manifest: out/manifest.json" in ran.stdout
    assert ran.stderr == ""
    after = orchard(files, "plan", *options)
    assert re.search(r"decide\W+2\W+0\W", after.stdout)
    assert "nothing to do" in after.stdout


def test_plan_fails_where_nothing_matches(files: Path):
    done = orchard(files, "plan", "tiny.yaml", "--input", "crawl/*.wet.gz", "--out", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "orchard: crawl/*.wet.gz: no file matches. Check the path, and quote patterns in the shell\n"


def test_a_pattern_that_the_shell_expanded_means_the_same(files: Path):
    names = ["crawl/crawl-00.warc.gz", "crawl/crawl-01.warc.gz"]
    done = orchard(files, "run", "tiny.yaml", "--out", "out", "--workers", "1", "--input", *names)
    assert done.returncode == 0, done.stderr
    assert "10 records in 2 shard(s)" in done.stdout


def test_an_option_of_beam_needs_a_runner(files: Path):
    done = orchard(files, "run", "tiny.yaml", "--input", "crawl/*.gz", "--out", "out", "--region=x")
    assert done.returncode == 2
    assert "no such option: --region=x" in done.stderr


def test_a_wrong_value_names_field_and_value(files: Path):
    change = "filters.language.score.above=high"
    done = orchard(files, "run", "tiny.yaml", "--input", "crawl/*.gz", "--out", "out", "--set", change)
    assert done.returncode == 2
    told = "filters.language.score.above: wrong value 'high'; allowed: a number or null"
    assert done.stderr == f"orchard: --set {change}: {told}\n"
