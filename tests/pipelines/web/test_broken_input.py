"""Ten kinds of broken input: each ends as a dead letter or as an error before any work, and nothing else is lost."""

import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.engine.job import RunError
from pipelines.read.files import InputError
from schemas.recipe.error import RecipeError
from tests.pipelines.read.archives import http, warc
from tests.pipelines.web.crawl import page

GOOD = (0, 5, 10, 15)
"""Pages around the broken one, all of the kind that is kept."""
QUADRATIC = (
    b"<!doctype html" + b" /" * 200_000 + b"<p>It takes trafilatura two minutes to see that this is no doctype.</p>"
)
NESTED = b"<html><body>" + b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000
BOMB = gzip.compress(b"<p>boom</p>" + b" " * 200_000_000, mtime=0)
TRAFILATURA = "extract={engine: trafilatura, time_limit_seconds: 1}"


def archive(folder: Path, broken: bytes) -> str:
    """A file with a broken record in the middle of good ones, each a member of its own."""
    good = [warc(http(page(number)), f"http://site.test/{number}") for number in GOOD]
    records = [*good[:2], broken, *good[2:]]
    (folder / "broken.warc.gz").write_bytes(b"".join(gzip.compress(record, mtime=0) for record in records))
    return str(folder / "broken.warc.gz")


def rows(folder: Path) -> list[dict]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


@pytest.mark.parametrize(
    ("broken", "error_class", "changes"),
    [
        pytest.param(warc(http(QUADRATIC)), "ExtractionTimeout", [TRAFILATURA], id="takes trafilatura minutes"),
        pytest.param(warc(http(NESTED)), "PageTooDeep", [], id="200,000 nested tags"),
        pytest.param(
            warc(http(BOMB, "Content-Encoding: gzip")),
            "DecompressionBomb",
            ["read.max_decompression_ratio=100"],
            id="gzip bomb",
        ),
        pytest.param(warc(http(page(0)), length=10_000_000_000), "RecordTooLarge", [], id="claims 10 GB"),
    ],
)
def test_a_broken_record_is_a_dead_letter_and_the_rest_is_kept(run, tmp_path, broken, error_class, changes):
    manifest, _ = run(archive(tmp_path, broken), tmp_path / "out", *changes)
    assert manifest.counts.dead_letters == {error_class: 1}
    assert manifest.counts.kept == len(GOOD)
    assert manifest.counts.input == len(GOOD) + 1
    (letter,) = rows(tmp_path / "out" / "dead-letters")
    assert letter["error_class"] == error_class
    assert letter["provenance"]["container"] == "broken.warc.gz"
    assert letter["message"]


def test_latin_1_that_calls_itself_utf_8_is_read_as_it_is(run, tmp_path):
    text = page(0).decode().replace("the town.", "the café, naïve façade.").encode("latin-1")
    record = warc(http(text, content_type="text/html; charset=utf-8"), "http://site.test/latin")
    manifest, _ = run(archive(tmp_path, record), tmp_path / "out")
    assert manifest.counts.kept == len(GOOD) + 1
    (found,) = [row for row in rows(tmp_path / "out" / "kept") if row["uri"].endswith("latin")]
    assert "the café, naïve façade." in found["text"]


def test_an_empty_file_among_others_is_a_dead_letter(run, crawl, tmp_path):
    (tmp_path / "crawl" / "empty.warc.gz").write_bytes(b"")
    manifest, _ = run(crawl, tmp_path / "out")
    assert manifest.counts.dead_letters == {"EmptyFile": 1}
    assert manifest.counts.input == 76


@pytest.mark.parametrize(
    ("given", "message"),
    [("crawl", "is a folder. Name its files"), ("crawl/none.warc.gz", "there is no such file")],
    ids=["a directory", "a missing file"],
)
def test_what_is_no_file_is_an_error_before_any_work(run, crawl, tmp_path, given, message):
    with pytest.raises(InputError, match=message):
        run([crawl, str(tmp_path / given)], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_misspelt_field_is_an_error_that_names_line_and_neighbour(run, crawl, tmp_path, recipe_file):
    recipe_file.write_text(recipe_file.read_text().replace("time_limit_seconds", "time_limit_second"))
    with pytest.raises(RecipeError, match=r"test\.yaml:3: extract.*time_limit_second.*did you mean time_limit_seconds"):
        run(crawl, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def small_disk(tmp_path: Path):
    """A real filesystem of 600 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk to fill: only root may mount one ({mounted.stderr.decode().strip()})")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_an_error_that_names_the_file_and_the_way_out(run, crawl, small_disk, tmp_path):
    (small_disk / "ballast").write_bytes(b"x" * 550_000)
    with pytest.raises(RunError, match=r"cannot write .*disk.*: No space left on device. Free space or"):
        run(crawl, small_disk / "out")
    assert not list(small_disk.rglob("*.tmp"))
    (small_disk / "ballast").unlink()
    resumed, _ = run(crawl, small_disk / "out")
    whole, _ = run(crawl, tmp_path / "out")
    assert resumed.counts == whole.counts


def test_on_the_command_line_an_error_is_one_line_and_an_exit_code(recipe_file, tmp_path):
    program = [sys.executable, "-c", "from pipelines.cli import main; main()"]
    done = subprocess.run(
        [*program, "run", str(recipe_file), "--input", str(tmp_path / "*.warc.gz"), "--out", str(tmp_path / "out")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"orchard: {tmp_path}/*.warc.gz: no file matches")
    assert done.stderr.count("\n") == 1
