"""One run that filters, deduplicates and decontaminates."""

import io
import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from rich.console import Console

from pipelines.engine.job import RunOptions
from pipelines.job.plan import plan_deduplication, plan_run
from pipelines.job.run import run_plan
from pipelines.read.files import InputError
from pipelines.validate import Passed, validate_path
from schemas.recipe.load import load_recipe
from tests.pipelines.decontaminate.corpus import corpus
from tests.pipelines.dedup.corpus import read
from tests.support.benchmarks import write_rows

RECIPE = """\
name: whole
collection: web
filters:
  - type: gopher_quality
    word_count: {{min: 5}}
    stop_word_count: null
{deduplicate}
decontaminate: {{index: {index}, common_usage: 8}}
"""


@pytest.fixture
def run(tmp_path, index_path):
    rows = [{"url": row["uri"], "text": row["text"]} for row in corpus(45)]
    rows += [{"url": f"{row['url']}/copy", "text": row["text"]} for row in rows[:5]]
    (tmp_path / "in").mkdir()
    for shard in range(3):
        write_rows(tmp_path / "in" / f"part-{shard}.jsonl", rows[shard::3])

    def _run(deduplicate):
        path = tmp_path / "whole.yaml"
        path.write_text(RECIPE.format(index=index_path, deduplicate=deduplicate))
        plan = plan_run(load_recipe(path), [str(tmp_path / "in" / "*.jsonl")], str(tmp_path / "out"))
        console = Console(file=io.StringIO())
        return run_plan(plan, RunOptions(), console, datetime.now(UTC)), tmp_path / "out"

    return _run


def test_every_part_drops_its_own_and_the_sums_add_up(run, tmp_path):
    manifest, out = run("deduplicate: {text: {}, minhash: {}}")
    assert manifest.counts.input == 52
    assert sum(manifest.counts.dropped.values()) + manifest.counts.kept == 52
    assert set(manifest.counts.dropped) == {"duplicate.text", "contamination.ngrams", "gopher.word_count"}
    names = Counter(path.name.partition(".")[2] for path in (out / "dropped").iterdir())
    assert names == {"parquet": 3, "duplicates.parquet": 3, "contaminated.parquet": 3}
    results = list(validate_path(str(out)))
    assert [result for result in results if not isinstance(result, Passed)] == []
    kept = read(out / "kept")
    assert len(kept) == manifest.counts.kept
    assert all(row["signals"]["contamination"]["ngrams"] == 0 for row in kept)
    assert all(row["signals"]["gopher"]["word_count"] > 0 for row in kept)
    assert json.loads((out / "manifest.json").read_text())["counts"]["kept"] == len(kept)
    with pytest.raises(InputError, match="since the run was decontaminated too"):
        recipe = load_recipe(tmp_path / "whole.yaml")
        plan_deduplication(recipe, [str(out / "kept" / "*.parquet")], str(tmp_path / "again"), [str(out)])


def test_deduplication_may_be_left_out(run):
    manifest, out = run("")
    assert manifest.counts.dropped["contamination.ngrams"] > 0
    assert not list((out / "dropped").glob("*.duplicates.parquet"))
    assert len(read(out / "kept")) == manifest.counts.kept
    _, again = run("")
    assert again == out
