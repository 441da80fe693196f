"""`orchard mix` says what it does; `orchard validate` finds what is wrong with what it wrote."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.validate import Passed, validate_path
from tests.pipelines.mix.shards import write_shards


def run(*arguments: object):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_plan_then_mix_then_validate(recipe_file, model, documents, fingerprint, tmp_path):
    pattern, out = write_shards(tmp_path / "in", documents, 2, fingerprint), tmp_path / "out"
    command = ("mix", recipe_file, "-i", pattern, "-t", model, "-o", out, "-w", 1)
    scarce = ("--set", "stages.core.mix.public.weight=90")
    planned = run(*command, "--plan", *scarce)
    assert planned.exit_code == 0, planned.output
    assert "WARNING: core: public has" in planned.output
    assert not (out / "packed").exists()
    assert not (out / "manifest.json").exists()
    mixed = run(*command, *scarce)
    assert mixed.exit_code == 0, mixed.output
    assert "resuming: units already done: mix-keys 2/2, mix-strata 1/1, mix-plan 1/1, mix-spread 0/2" in " ".join(
        mixed.output.split()
    )
    assert "WARNING: 1 sources of stages have too little" in mixed.output
    assert (out / "mixture.md").read_text().count("\n## ") == 4
    again = run(*command, *scarce)
    assert "nothing to do" in again.output
    checked = run("validate", out)
    assert checked.exit_code == 0, checked.output
    assert "0 wrong" in checked.output
    (out / "packed" / "core" / "00000.parquet").unlink()
    assert "00000.parquet: is missing" in run("validate", out).output


@pytest.fixture(scope="module")
def packed(tmp_path_factory, model, documents, fingerprint):
    """A packed shard with places for labels."""
    from tests.pipelines.mix.conftest import RECIPE, run_mixture

    folder = tmp_path_factory.mktemp("packed")
    (folder / "mixture.yaml").write_text(RECIPE)
    pattern = write_shards(folder / "in", documents, 1, fingerprint)
    run_mixture(folder / "mixture.yaml", pattern, model, folder / "out")
    return pq.read_table(folder / "out" / "packed" / "continued" / "00000.parquet")


def changed(table: pa.Table, column: str, row: int, value: object) -> pa.Table:
    values = table[column].to_pylist()
    values[row] = value
    place = table.schema.get_field_index(column)
    return table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))


SEGMENT = {"doc_id": "0" * 32, "source": "web", "start": 0, "length": 5, "document_offset": 0, "epoch": 0}


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("index", 99, "expected 0 and then one more each row"),
        ("tokens", [5] * 10, "expected a list of 512"),
        ("tokens", [60_000] * 512, "expected ids below 900"),
        ("length", 0, "expected 1 to 512"),
        ("length", 10, "expected 2 after the first `length` of them"),
        ("segments", [SEGMENT], "expected segments that cover the first `length` tokens in order"),
        ("segments", [], "expected segments that cover the first `length` tokens in order"),
        ("segments", [SEGMENT, SEGMENT | {"start": 4, "length": 507}], "expected segments that cover"),
        ("teacher_token", [901] * 512, "expected ids below 900"),
        ("teacher_weight", [0.5], "expected a list of 512"),
    ],
)
def test_what_is_wrong_with_a_packed_shard_is_named(packed, tmp_path, column, value, message):
    path = tmp_path / "00000.parquet"
    pq.write_table(packed, path)
    assert [type(each) for each in validate_path(str(path))] == [Passed]
    pq.write_table(changed(packed, column, 3, value), path)
    (violation,) = validate_path(str(path))
    assert message in str(violation)
    assert "row 3" in str(violation)
    assert column in str(violation)


def test_whole_sequences_of_real_rows_are_full_but_the_last_few(packed):
    lengths = np.array(packed["length"].to_pylist())
    assert (lengths == 512).sum() == len(lengths) - 1  # this stage concatenates
