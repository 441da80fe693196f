"""Outputs of libraries that write to paths appear whole or not at all, on a disk and on an object store."""

import fsspec
import pytest
import xxhash

from pipelines.engine.outputs.files import OutputError
from pipelines.engine.outputs.local_file import local_output


def test_a_file_appears_with_its_bytes_and_digest(tmp_path):
    target = tmp_path / "new" / "a.bin"
    with local_output(str(target)) as file:
        file.path.write_bytes(b"content")
        assert not target.exists()
    assert target.read_bytes() == b"content"
    assert (file.bytes, file.digest) == (7, xxhash.xxh3_128_hexdigest(b"content"))
    assert [path.name for path in target.parent.iterdir()] == ["a.bin"]


def test_it_is_uploaded_to_a_store(tmp_path):
    with local_output("memory://bucket/a.bin") as file:
        file.path.write_bytes(b"content")
    assert fsspec.filesystem("memory").cat_file("/bucket/a.bin") == b"content"
    assert not file.path.exists()


def test_an_error_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="broken"), local_output(str(tmp_path / "a.bin")) as file:
        file.path.write_bytes(b"half")
        raise ValueError("broken")
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_an_output_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="another --out"), local_output(str(tmp_path / "file" / "a.bin")):
        pass
