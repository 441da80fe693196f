import os
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest
import xxhash

from pipelines.engine.outputs.files import (
    OutputError,
    atomic_output,
    list_files,
    read_bytes,
    remove_leftovers,
    size,
    write_bytes,
)


def test_a_file_appears_whole_with_its_digest(tmp_path: Path):
    target = tmp_path / "folder" / "a.bin"
    with atomic_output(str(target)) as file:
        file.write(b"one")
        assert not target.exists()
        file.write(b"two")
    assert target.read_bytes() == b"onetwo"
    assert (file.bytes, file.hexdigest()) == (6, xxhash.xxh3_128_hexdigest(b"onetwo"))
    assert list(target.parent.iterdir()) == [target]


def test_an_exception_leaves_nothing_and_keeps_what_was_there(tmp_path: Path):
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(KeyError), atomic_output(str(target)) as file:
        file.write(b"new")
        raise KeyError
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_unwritable_place_is_an_error_that_names_it_and_the_way_out(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"cannot write .*file/a.bin: .*another --out"):
        write_bytes(str(tmp_path / "file" / "a.bin"), b"x")


def test_object_stores_are_written_under_the_final_name():
    write_bytes("memory://bucket/folder/a.json", b"{}")
    assert read_bytes("memory://bucket/folder/a.json") == b"{}"
    assert list_files("memory://bucket/folder", ".json") == ["a.json"]
    assert size("memory://bucket/folder/none") is None
    assert not [name for name in fsspec.filesystem("memory").find("/bucket") if "tmp" in name]


def test_only_the_leftovers_of_dead_processes_are_removed(tmp_path: Path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / "kept" / f"a.parquet.{ended.pid}.tmp"
    alive = tmp_path / "kept" / f"a.parquet.{os.getpid()}.tmp"
    foreign = tmp_path / "kept" / "notes.tmp"
    dead.parent.mkdir()
    for file in (dead, alive, foreign):
        file.write_bytes(b"x")
    remove_leftovers(str(tmp_path))
    assert sorted(dead.parent.iterdir()) == sorted([alive, foreign])


def test_a_zombie_writes_no_more(tmp_path: Path):
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    left = tmp_path / f"a.parquet.{zombie.pid}.tmp"
    left.write_bytes(b"x")
    remove_leftovers(str(tmp_path))
    assert not left.exists()
    zombie.wait()
