"""Repetitions among payloads and among answers, over all files, by one worker and by several."""

import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner

from pipelines.cli.app import app
from schemas.generation.report import GenerationReport
from schemas.manifest import Manifest
from schemas.recipe.load import BUILTIN
from tests.support.endpoints import fake_endpoint

DATA = ("kept", "rejected", "failures", "dead-letters")
CHATS = 24


@pytest.fixture
def recipe(tmp_path) -> Path:
    data = yaml.safe_load((BUILTIN / "summaries.yaml").read_text())
    data |= {"gates": [{"type": "form"}], "examples": []}
    data["payloads"] |= {"anonymise": False, "attacked_share": 0.0}
    data["products"] = [product for product in data["products"] if product["name"] in ("topline", "one-sentence")]
    data["flow"] = {"backoff_seconds": 0.02}
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(data))
    return path


@pytest.fixture
def inputs(tmp_path, shared_data) -> Path:
    """Real chats in three files: some as they are, some again with a word more, and some that are answered alike."""
    folder = tmp_path / "in"
    folder.mkdir()
    with gzip.open(shared_data / "summarization" / "dialogsum.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if len(row["text"].split()) > 120][: 2 * CHATS]
    chats, others = rows[:CHATS], rows[CHATS:]
    again = [{**row, "id": f"again {n}", "text": row["text"] + " Indeed"} for n, row in enumerate(chats[:8])]
    exact = [{**row, "id": f"exact {n}"} for n, row in enumerate(chats[8:12])]
    alike = [{**row, "text": row["text"] + " SAY-THE-SAME"} for row in others[:5]]
    for name, part in (("a", chats), ("b", [*again, *exact, {"kind": "no such kind", "text": "x"}]), ("c", alike)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
    return folder


def generate(recipe: Path, inputs: Path, out: Path, url: str, *more: str) -> str:
    ended = CliRunner().invoke(
        app,
        ["generate", str(recipe), "--input", f"{inputs}/*.jsonl", "--out", str(out), *more,
         "--set", f"teacher={{type: endpoint, url: {url}, model: fake}}"],
        catch_exceptions=False,
    )  # fmt: skip
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def outputs(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for kind in DATA for path in (out / kind).rglob("*.parquet")}


def rows(out: Path, kind: str) -> list[dict]:
    return [row for path in sorted((out / kind).rglob("*.parquet")) for row in pq.read_table(path).to_pylist()]


@pytest.mark.slow
def test_one_of_each_is_asked_about_and_kept_the_same_by_any_number_of_workers(recipe, inputs, tmp_path):
    with fake_endpoint(tmp_path / "server", refuse=0.1) as server:
        said = generate(recipe, inputs, tmp_path / "one", server.url, "--workers", "1")
        # Two products of 24 chats and of 5 that are answered alike; the 12 repetitions are not asked about.
        assert server.answered().total() == len(server.answered()) == 2 * (CHATS + 5)
        generate(recipe, inputs, tmp_path / "two", server.url, "--workers", "2")
        assert len(server.answered()) == 2 * (CHATS + 5)
        asked = server.answered().total()
        generate(recipe, inputs, tmp_path / "one", server.url, "--workers", "2")
        assert server.answered().total() == asked
    out = tmp_path / "one"
    assert outputs(out) == outputs(tmp_path / "two")
    report = GenerationReport.model_validate_json((out / "report.json").read_text())
    manifest = Manifest.model_validate_json((out / "manifest.json").read_text())
    assert report.payloads == CHATS + 12 + 1 + 5
    assert report.skipped == manifest.counts.skipped == {"repeats another payload": 12}
    assert report.dead_letters == manifest.counts.dead_letters == {"InvalidPayload": 1}
    assert "dead letter:" in said
    last = report.waterfall.gates[-1]
    assert (last.gate, last.judged, last.failed) == ("duplicates", 2 * (CHATS + 5), 2 * 4)
    assert report.waterfall.kept == len(rows(out, "kept")) == 2 * (CHATS + 1)
    assert "repeats" in said and "same_text" in said
    check_rows(out)
    validated = CliRunner().invoke(app, ["validate", str(out)])
    assert validated.exit_code == 0, validated.output


def check_rows(out: Path) -> None:
    """Every row that was left out says what it repeats."""
    kept = {row["sample_id"] for row in rows(out, "kept")}
    repeated = [row for row in rows(out, "rejected") if row["gate"] == "duplicates"]
    assert {row["reason"] for row in repeated} == {"same_text"}
    assert all(row["detail"].removeprefix("duplicate of ") in kept for row in repeated)
    dropped = rows(out, "stages/payloads/dropped")
    assert sorted({row["verdict"]["rule"] for row in dropped}) == ["duplicate.doc_id", "duplicate.minhash"]
    assert all(row["similarity"] >= 0.75 for row in dropped)


@pytest.mark.slow
def test_without_comparison_all_are_asked_about_and_kept(recipe, inputs, tmp_path):
    with fake_endpoint(tmp_path / "server") as server:
        generate(recipe, inputs, tmp_path / "out", server.url, "--set", "duplicates={payloads: null, answers: null}")
    report = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text())
    assert report.waterfall.kept == len(rows(tmp_path / "out", "kept")) == 2 * (CHATS + 12 + 5)
    assert [gate.gate for gate in report.waterfall.gates] == ["form", "duplicates"]
    assert not report.skipped


@pytest.mark.slow
def test_another_beam_runner_writes_the_same_bytes(recipe, inputs, tmp_path):
    (inputs / "a.jsonl").unlink()
    with fake_endpoint(tmp_path / "server") as server:
        generate(recipe, inputs, tmp_path / "local", server.url)
        generate(recipe, inputs, tmp_path / "other", server.url, "--runner", "BundleBasedDirectRunner")
    assert outputs(tmp_path / "other") == outputs(tmp_path / "local")
    assert len(rows(tmp_path / "other", "kept")) == 2 * (12 + 1)
