import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.engine.job import RunOptions
from pipelines.job.plan import plan_deduplication
from pipelines.job.run import run_plan
from schemas.manifest import Manifest
from schemas.recipe.load import load_recipe

RECIPE = """\
name: unique
collection: web
deduplicate:
  url: {}
  text: {}
  minhash: {min_jaccard: 0.8}
"""


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    path = tmp_path / "unique.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def deduplicate(recipe_file: Path) -> Callable[..., tuple[Manifest, str]]:
    """Runs the test recipe; returns the manifest and what was printed."""

    def _run(
        pattern: str | list[str], out: Path, *changes: str, workers: int = 1, against: list[str] | None = None
    ) -> tuple[Manifest, str]:
        printed = io.StringIO()
        inputs = [pattern] if isinstance(pattern, str) else pattern
        plan = plan_deduplication(load_recipe(recipe_file, changes), inputs, str(out), against or [])
        console = Console(file=printed, width=200)
        return run_plan(plan, RunOptions(workers=workers), console, datetime.now(UTC)), printed.getvalue()

    return _run
