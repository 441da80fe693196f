"""Exports that are interrupted, repeated, or cannot be made."""

import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.engine.outputs.files import OutputError
from pipelines.engine.outputs.records import ForeignOutputError
from pipelines.export.errors import ExportError
from pipelines.export.formats import arrayrecord
from pipelines.job.export import plan_export
from pipelines.read.files import InputError
from pipelines.validate import Passed, validate_path
from schemas.validation.violation import Violation
from tests.pipelines.tokenize.corpus import documents, write
from tests.support.packed import facts_of, pack, random_documents, write_shards

NAMES = ("arrayrecord", "mds", "megatron")


@pytest.fixture
def shards(tmp_path) -> list[str]:
    return write_shards(pack(random_documents(60, 60_000), facts_of(60_000)), tmp_path / "in", 3)


def digests(manifest) -> dict[str, str]:
    return {output.path: output.digest for output in manifest.outputs}


@pytest.mark.parametrize("name", NAMES)
def test_the_same_shards_give_the_same_bytes_and_are_done_once(export, shards, name, tmp_path):
    first = export(name, shards, tmp_path / "out")
    again = export(name, shards[::-1], tmp_path / "again")
    assert digests(again) == digests(first)
    assert not plan_export(name, shards, str(tmp_path / "out")).done.unfinished


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_missing_is_written_again(export, shards, name, tmp_path):
    out = tmp_path / "out"
    first = export(name, shards, out)
    lost = next(output.path for output in first.outputs if output.path.startswith("data/00001"))
    (out / lost).unlink()
    (out / "manifest.json").unlink()
    assert "00001" in plan_export(name, shards, str(out)).done.unfinished
    kept = (out / first.outputs[0].path).stat().st_mtime_ns
    assert digests(export(name, shards, out)) == digests(first)
    assert (out / first.outputs[0].path).stat().st_mtime_ns == kept


@pytest.mark.parametrize("name", NAMES)
def test_a_shard_that_fails_leaves_nothing_behind(export, shards, name, tmp_path):
    content = bytearray(Path(shards[1]).read_bytes())
    content[200:2000] = bytes(1800)  # a page in the middle; the footer is whole
    Path(shards[1]).write_bytes(content)
    with pytest.raises(InputError, match=r"00001\.parquet: cannot be read"):
        export(name, shards, tmp_path / "out")
    written = sorted(path.name for path in (tmp_path / "out" / "data").iterdir())
    assert written
    assert all(name.startswith("00000") for name in written)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, which stands for a full disk")
def test_a_full_disk_is_an_output_error(export, shards, tmp_path):
    data = tmp_path / "out" / "data"
    data.mkdir(parents=True)
    (data / f"00000.array_record.{os.getpid()}.tmp").symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"00000\.array_record: .*No space left"):
        export("arrayrecord", shards, tmp_path / "out")
    assert not list(data.iterdir())


def test_a_missing_package_is_said_with_its_extra_before_any_work(shards, monkeypatch, tmp_path):
    def missing(package):
        return None if package == "array_record" else object()

    monkeypatch.setattr(arrayrecord, "find_spec", missing)
    with pytest.raises(ExportError, match=r"array_record is not installed.*orchard\[arrayrecord\]"):
        plan_export("arrayrecord", shards, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_wrong_settings_are_said_before_any_work(shards, tmp_path):
    out = str(tmp_path / "out")
    with pytest.raises(ExportError, match="did you mean megatron"):
        plan_export("megatro", shards, out)
    with pytest.raises(ExportError, match="have their end tokens already"):
        plan_export("megatron", shards, out, end_id=2)
    with pytest.raises(ExportError, match="mds puts no token"):
        plan_export("mds", shards, out, end_id=2)
    with pytest.raises(ExportError, match=r"parquet is made from documents .*, not from packed shards"):
        plan_export("parquet", shards, out)
    assert not (tmp_path / "out").exists()


def test_shards_that_do_not_belong_together_are_refused(export, shards, tmp_path):
    out = str(tmp_path / "out")
    other = write_shards(pack(random_documents(9, 60_000), facts_of(60_000, stage="continued")), tmp_path / "b", 1)
    with pytest.raises(InputError, match=r"differs from .* in stage \(.*b'continued'"):
        plan_export("mds", [*shards, *other], out)
    foreign = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"tokens": [[1, 2]]}), foreign)
    with pytest.raises(InputError, match="holds no data of Orchard"):
        plan_export("mds", [str(foreign)], out)
    foreign.write_bytes(b"PAR1nonsense")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        plan_export("mds", [str(foreign)], out)
    text = write(tmp_path / "kept", documents(), 1)
    with pytest.raises(InputError, match="differs from"):
        plan_export("mds", [*shards, *text], out)


def test_another_format_or_run_needs_another_folder(export, shards, tmp_path):
    out = tmp_path / "out"
    export("mds", shards, out)
    with pytest.raises(ForeignOutputError, match="mds"):
        plan_export("megatron", shards, str(out))
    shutil.rmtree(out)
    (out / "records" / "decide").mkdir(parents=True)
    with pytest.raises(ForeignOutputError, match="another run"):
        plan_export("mds", shards, str(out))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_changed_lost_or_added_is_found(export, shards, name, tmp_path):
    out = tmp_path / "out"
    manifest = export(name, shards, out)
    assert all(isinstance(result, Passed) for result in validate_path(str(out)))
    changed, lost, *_ = (output.path for output in manifest.outputs if output.path.startswith("data/"))
    content = bytearray((out / changed).read_bytes())
    content[-1] ^= 1
    (out / changed).write_bytes(content)
    (out / lost).unlink()
    (out / "data" / "more").write_bytes(b"")
    wrong = {Path(result.file).name: str(result) for result in validate_path(str(out)) if isinstance(result, Violation)}
    assert set(wrong) == {Path(changed).name, Path(lost).name, "more"}
    assert "the manifest says digest" in wrong[Path(changed).name]
    assert "is missing" in wrong[Path(lost).name]
    assert "is not listed" in wrong["more"]
