"""`orchard train classifier`: options reach the training, and the result can be pasted into a recipe."""

import pytest
import yaml
from typer.testing import CliRunner

from pipelines.cli.errors import exit_code
from pipelines.cli.train import app
from pipelines.train.errors import TrainingError
from schemas.model_card import ModelCard
from schemas.steps.classifier import FastTextClassifier
from tests.support.classifiers import BAD, GOOD, sentence, write_jsonl

TINY = ["--dim", "8", "--bucket", "1000", "--lr", "0.5", "--epoch", "20"]


@pytest.fixture
def graded(tmp_path):
    rows = [{"body": sentence(GOOD, seed), "grade": 5} for seed in range(150)]
    rows += [{"body": sentence(BAD, seed), "grade": 0} for seed in range(150)]
    return write_jsonl(tmp_path / "graded.jsonl.gz", rows)


def test_trains_from_labels_and_prints_table_and_step(graded, tmp_path):
    out = tmp_path / "quality"
    columns = ["--text-column", "body", "--label-column", "grade", "--threshold", "3"]
    found = CliRunner().invoke(
        app,
        [
            "classifier",
            "--from-labels",
            str(graded),
            *columns,
            *TINY,
            "--seed",
            "7",
            "--out",
            str(out),
            "--keep",
            "0.1",
        ],
    )
    assert found.exit_code == 0, found.output
    card = ModelCard.model_validate_json((out / "card.json").read_text())
    assert card.seed == 7
    assert (card.settings.dim, card.settings.bucket, card.settings.lr, card.settings.epoch) == (8, 1000, 0.5, 20)
    assert "ROC AUC" in found.stdout
    assert "300 records" in found.stdout
    (step,) = yaml.safe_load(found.stdout[found.stdout.index("- type:") :])
    parsed = FastTextClassifier.model_validate(step)
    assert parsed.model == out / "model.bin"
    assert parsed.score is not None
    assert parsed.score.min_percentile == 90


def test_names_what_is_wrong_and_how_to_go_on(graded, tmp_path):
    found = CliRunner().invoke(app, ["classifier", "--positive", str(graded), "--out", str(tmp_path / "model")])
    assert isinstance(found.exception, TrainingError)
    assert "give positive and negative files, or labelled ones" in str(found.exception)
    assert exit_code(found.exception) == 2


def test_help_says_that_training_is_not_reproducible():
    found = CliRunner().invoke(app, ["classifier", "--help"], env={"COLUMNS": "200"})
    assert "two runs give slightly different models" in " ".join(found.stdout.split())
