"""`orchard benchmarks` and `orchard decontaminate --self-test`."""

import pytest
from typer.testing import CliRunner

from filters.ngrams.index_file import IndexFileError, load_index
from pipelines.cli.app import app
from pipelines.cli.errors import exit_code
from pipelines.decontaminate.errors import BenchmarkError
from tests.support.benchmarks import write_rows


@pytest.fixture
def rows(tmp_path):
    return write_rows(
        tmp_path / "rivers.jsonl",
        [
            {"task": f"Which of the {number} rivers flows into lake number {number}?", "ref": "none"}
            for number in range(9)
        ],
    )


def invoke(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_builds_lists_checks_and_proves(rows, tmp_path):
    index = tmp_path / "rivers.index"
    fields = ("--question", "task", "--answer", "ref", "--split", "dev")
    built = invoke("benchmarks", "build", rows, *fields, "--out", index, "--shortest", 8)
    assert built.exit_code == 0, built.output
    assert "1 benchmarks, 9 items" in built.stdout
    about = load_index(index).metadata
    assert (about.benchmarks[0].name, about.benchmarks[0].n, about.settings.shortest) == ("rivers/dev", 10, 8)
    assert "rivers/dev" in invoke("benchmarks", "list", index).stdout
    checked = invoke("benchmarks", "check", index).stdout
    assert about.fingerprint in checked
    assert "9 answers are shorter" in checked
    proved = invoke("decontaminate", "--self-test", "--index", index, "--items", 5)
    assert proved.exit_code == 0
    assert "0 of 200 flagged" in proved.stdout


def test_names_what_is_wrong(rows, tmp_path):
    index = tmp_path / "rivers.index"
    found = invoke("benchmarks", "build", rows, "--out", index)
    assert isinstance(found.exception, BenchmarkError)
    assert "rivers.jsonl, line 1: no question" in str(found.exception)
    assert exit_code(found.exception) == 2
    found = invoke("benchmarks", "build", rows, "--out", index, "--shortest", 9, "--longest", 8)
    assert found.exit_code == 2
    assert "9 to 8" in found.output
    for command in (("benchmarks", "list", index), ("decontaminate", "--self-test", "--index", index)):
        found = invoke(*command)
        assert isinstance(found.exception, IndexFileError)
        assert exit_code(found.exception) == 2
    assert invoke("decontaminate", "--index", index).exit_code == 2
