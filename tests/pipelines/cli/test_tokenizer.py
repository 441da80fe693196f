"""`orchard tokenizer`: from documents to a tokenizer and a report on it."""

import re

import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from schemas.tokenizer import TokenizerCard, TokenizerReport
from tests.pipelines.tokenize.corpus import documents, write


def run(*arguments: object):
    return CliRunner().invoke(app, ["tokenizer", *map(str, arguments)])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    (pattern,) = write(folder, documents(), 2)
    return folder, pattern


def test_train_then_report(corpus, tmp_path):
    _, pattern = corpus
    out = tmp_path / "tokenizer"
    trained = run("train", "-i", pattern, "--preset", "afm-device", "--vocab-size", 700, "--out", out)
    assert trained.exit_code == 0, trained.output
    assert "700 tokens from" in trained.output
    assert "inferred: 49,152, our reading of 49k" in trained.output
    card = TokenizerCard.model_validate_json((out / "card.json").read_text())
    assert (card.preset, card.vocab_size, card.settings.vocab_size) == ("afm-device", 700, 700)
    assert card.compared_bytes == sum(stratum.bytes for stratum in card.strata)

    report_file = tmp_path / "report.json"
    reported = run("report", out, "-i", pattern, "--baseline", out / "tokenizer.json", "--json", report_file)
    assert reported.exit_code == 0, reported.output
    found = TokenizerReport.model_validate_json(report_file.read_text())
    assert found.measures[0].bytes_per_token == found.measures[0].baseline_bytes_per_token > 1
    assert "all 120 documents come back" in reported.output
    assert "language=zh" in reported.output


def test_a_report_ends_with_1_where_a_text_does_not_come_back(corpus, tmp_path):
    rows = [documents()[0] | {"text": "\u2581 is taken for a space"}]
    out = tmp_path / "tokenizer"
    assert run("train", "-i", corpus[1], "--vocab-size", 700, "--out", out).exit_code == 0
    reported = run("report", out, "-i", *write(tmp_path / "in", rows, 1))
    assert reported.exit_code == 1
    assert str(rows[0]["doc_id"]) in re.sub(r"\s", "", reported.output)


@pytest.mark.parametrize(("arguments", "message"), [
    ((), "give --vocab-size or --preset"),
    (("--preset", "afm-devise"), "did you mean afm-device"),
    (("--vocab-size", "5"), "--vocab-size"),
    (("--vocab-size", "700", "--temperature", "0.5"), "--temperature"),
])  # fmt: skip
def test_wrong_settings_are_named(corpus, tmp_path, arguments, message):
    ended = run("train", "-i", corpus[1], "--out", tmp_path / "out", *arguments)
    assert ended.exit_code == 2
    assert message in ended.output
    assert not (tmp_path / "out").exists()
