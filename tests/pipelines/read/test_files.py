"""Finding inputs: patterns, stores, names, and everything that must be said before work starts."""

import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
import xxhash

from pipelines.read.files import SUFFIXES, InputError, find_inputs
from pipelines.read.raw.source import open_input
from pipelines.read.read import check_inputs, read_records
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings
from tests.pipelines.read.archives import page, uri


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.warc.gz", "2023/a.warc.gz", "2023/05/b.warc.gz", "2024/a.warc.gz", "2024/c.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page(1))
    return tmp_path


def names(*patterns: str) -> list[str]:
    return [file.relative_name for file in find_inputs(patterns)]


def test_names_are_relative_to_the_longest_folder_without_wildcard(tree: Path) -> None:
    assert names(f"{tree}/**/*.warc.gz") == ["2023/05/b.warc.gz", "2023/a.warc.gz", "2024/a.warc.gz", "a.warc.gz"]
    assert names(f"{tree}/2023/*/*.gz") == ["05/b.warc.gz"]
    assert names(f"{tree}/202?/a.warc.gz") == ["2023/a.warc.gz", "2024/a.warc.gz"]
    assert names(f"{tree}/2023/05/b.warc.gz") == ["b.warc.gz"]
    assert names(f"{tree}/2024/*") == ["a.warc.gz", "c.jsonl"]


def test_describes_what_it_finds(tree: Path) -> None:
    (file,) = find_inputs([f"{tree}/2024/c.jsonl"])
    stat = (tree / "2024/c.jsonl").stat()
    assert (file.uri, file.size, file.format) == (str(tree / "2024/c.jsonl"), len(page(1)), "jsonl")
    assert file.modified_at == datetime.fromtimestamp(stat.st_mtime, UTC)


def test_relative_paths_are_found_from_the_working_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert names("2023/*.gz") == ["a.warc.gz"]
    assert names("a.warc.gz") == ["a.warc.gz"]


def test_a_file_that_several_patterns_name_is_read_once(tree: Path) -> None:
    for patterns in itertools.permutations([f"{tree}/**/a.warc.gz", f"{tree}/2023/a.warc.gz", f"{tree}/2023/*.gz"]):
        found = find_inputs(patterns)
        assert len({file.uri for file in found}) == len(found) == 3


def test_names_that_collide_are_told_apart_whatever_the_order(tree: Path) -> None:
    patterns = [f"{tree}/2023/*.gz", f"{tree}/2024/*.gz", f"{tree}/*.gz"]
    expected = {
        f"a-{xxhash.xxh3_64_hexdigest(str(tree / folder / 'a.warc.gz').encode())[:8]}.warc.gz"
        for folder in ("2023", "2024", "")
    }
    for order in itertools.permutations(patterns):
        assert set(names(*order)) == expected
        assert find_inputs(order) == find_inputs(patterns)


def test_a_name_may_hold_what_looks_like_a_wildcard(tmp_path: Path) -> None:
    (tmp_path / "a[1].warc").write_bytes(page(1))
    assert names(f"{tmp_path}/a[1].warc") == ["a[1].warc"]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_knows_every_suffix_in_any_case(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"x{suffix.upper()}").write_bytes(b"x")
    assert find_inputs([f"{tmp_path}/*"])[0].format == SUFFIXES[suffix]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("{}/nothing/**/*.warc.gz", "no file matches"),
        ("{}/202?", "only folders, such as"),
        ("{}/2023", "is a folder. Name its files, for instance"),
        ("{}/2023/", "is a folder"),
        ("{}/missing.warc.gz", "there is no such file"),
        ("{}/notes.txt", "cannot tell the format from the name"),
        ("{}/*", "notes.txt: cannot tell the format"),
        ("{}/empty.warc.gz", "all inputs are empty"),
        ("nosuch://bucket/a.warc.gz", "nosuch://bucket/a.warc.gz"),
    ],
)
def test_says_what_is_wrong_before_work_starts(tree: Path, pattern: str, says: str) -> None:
    (tree / "notes.txt").write_text("x")
    (tree / "empty.warc.gz").write_bytes(b"")
    good = f"{tree}/2024/c.jsonl"
    patterns = [pattern.format(tree)] + ([good] if "empty" not in pattern else [])
    with pytest.raises(InputError, match="(?s)" + says.replace(".", r"\.")) as caught:
        find_inputs(patterns)
    assert pattern.format(tree).rstrip("*?2/") in str(caught.value)


def test_no_input_is_an_error() -> None:
    with pytest.raises(InputError, match="no input is named"):
        find_inputs([])


@pytest.mark.parametrize(("scheme", "module", "extra"), [("gs", "gcsfs", "gcp"), ("s3", "s3fs", "s3")])
def test_a_store_without_its_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, scheme: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=rf"orchard\[{extra}\]"):
        find_inputs([f"{scheme}://bucket/*.warc.gz"])


def test_reads_from_a_store() -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/crawl/x/a.warc", page(1) + page(2))
    store.pipe("/crawl/y/a.warc", page(3))
    try:
        files = find_inputs(["memory://crawl/**/*.warc"])
        assert [(file.uri, file.relative_name) for file in files] == [
            ("memory:///crawl/x/a.warc", "x/a.warc"),
            ("memory:///crawl/y/a.warc", "y/a.warc"),
        ]
        found = [item for file in files for item in read_records(file, ReadSettings())]
        assert [item.uri for item in found if isinstance(item, Record)] == [uri(1), uri(2), uri(3)]
        check_inputs(files, ReadSettings())
        with open_input(files[0]) as source:
            assert source.hexdigest() == xxhash.xxh3_128_hexdigest(page(1) + page(2))
    finally:
        store.rm("/crawl", recursive=True)


def test_follows_links(tree: Path) -> None:
    (tree / "link.warc.gz").symlink_to(tree / "2023/a.warc.gz")
    (file,) = find_inputs([f"{tree}/li*.warc.gz"])
    assert file.size == len(page(1))
    assert len(list(read_records(file, ReadSettings()))) == 1


def test_a_link_to_nowhere_is_said_before_work_starts(tree: Path) -> None:
    (tree / "lost.warc.gz").symlink_to(tree / "nowhere")
    with pytest.raises(InputError, match=r"lost\.warc\.gz: there is no such file"):
        find_inputs([f"{tree}/*.warc.gz"])
