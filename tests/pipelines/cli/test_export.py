"""`orchard export` and `orchard card`: from packed shards to files for a trainer, and what they are."""

import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from tests.support.packed import facts_of, pack, random_documents, write_shards

pytestmark = pytest.mark.slow


def orchard(*arguments: object):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_export_with_two_workers_then_a_card_then_validate(tmp_path):
    rows = pack(random_documents(60, 60_000), facts_of(60_000))
    write_shards(rows, tmp_path / "packed", 3)
    out = tmp_path / "out"
    exported = orchard("export", "-f", "mds", "-i", tmp_path / "packed" / "*.parquet", "-o", out, "-w", 2)
    assert exported.exit_code == 0, exported.output
    tokens = sum(rows.column("length").to_pylist())
    assert f"{rows.num_rows} rows, {tokens:,} tokens in 4 files" in exported.output

    carded = orchard("card", out, "--name", "Trial", "--license", "odc-by")
    assert carded.exit_code == 0, carded.output
    assert carded.output.splitlines() == [f"{out}/README.md", f"{out}/croissant.json"]
    assert f"{rows.num_rows} rows" in (out / "README.md").read_text()

    checked = orchard("validate", out)
    assert checked.exit_code == 0, checked.output
    assert "0 wrong" in checked.output
