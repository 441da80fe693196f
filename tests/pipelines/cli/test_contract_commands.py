"""`orchard schema` and `orchard validate` as a user sees them."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app


def orchard(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_schema_lists_what_there_is():
    names = [line.split()[0] for line in orchard("schema").stdout.splitlines()]
    tables = ["document", "dropped", "dead-letter", "contamination-match", "benchmark-item", "tokens"]
    tables += ["summary", "rejected-sample", "failed-request"]
    recipes = ["recipe", "mixture", "mix-report", "payload", "generation-recipe", "generation-report"]
    assert names == [*tables, "manifest", "shard-record", *recipes]


def test_schema_prints_json_that_the_models_keep():
    schema = json.loads(orchard("schema", "dead-letter").stdout)
    assert schema["required"] == ["provenance", "stage", "error_class", "message"]
    assert schema["properties"]["message"]["description"] == "What went wrong, for a person."


def test_schema_prints_columns_with_units_and_meanings():
    lines = orchard("schema", "dropped", "--format", "arrow", "--recipe", "gopher").stdout.splitlines()
    assert any(line.startswith("text: large_string  ") for line in lines)
    assert any(line.startswith("    word_count: int64 [words]  ") and "symbols" in line for line in lines)
    assert "verdict: struct not null                          The rule that dropped it." in lines
    kept = orchard("schema", "document", "--format", "arrow", "--recipe", "gopher").stdout
    assert "text: large_string not null" in kept
    assert "verdict" not in kept


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["docment"], "did you mean document?"),
        (["manifest", "--format", "arrow"], "kept as JSON"),
        (["document", "--format", "arrow", "--recipe", "finweb"], "did you mean fineweb?"),
    ],
)
def test_schema_refuses_with_the_way_out(arguments, expected):
    result = orchard("schema", *arguments)
    assert result.exit_code == 2
    assert expected in " ".join(result.output.replace("│", " ").split())


def test_validate_says_ok_or_names_the_row_and_fails(tmp_path):
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    pq.write_table(pa.table({"text": ["a", "b"]}), good)
    pq.write_table(pa.table({"text": ["a", None]}), bad)
    result = orchard("validate", good)
    assert (result.exit_code, result.stdout) == (0, f"ok     {good}: input, 2 rows\n1 checked, 0 wrong\n")
    result = orchard("validate", good, bad)
    assert result.exit_code == 1
    assert f"WRONG  {bad}: row group 0, row 1, column text, value None: expected text" in result.output
    assert result.output.endswith("2 checked, 1 wrong\n")


def test_validate_takes_other_text_columns(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"body": "x"}\n')
    assert orchard("validate", path).exit_code == 1
    assert orchard("validate", path, "--text-column", "body").exit_code == 0
