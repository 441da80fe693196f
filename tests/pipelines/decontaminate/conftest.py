import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.decontaminate.build import BenchmarkSource, build_index_file
from pipelines.engine.job import RunOptions
from pipelines.job.funnel import print_summary
from pipelines.job.plan import plan_decontamination
from pipelines.job.run import run_plan
from schemas.benchmark import IndexSettings
from schemas.manifest import Manifest
from schemas.recipe.load import load_recipe
from tests.pipelines.decontaminate.corpus import write_benchmarks

RECIPE = """\
name: clean
collection: web
decontaminate:
  index: {index}
  common_usage: 8
  context: 10
  min_piece: 40
"""


@pytest.fixture(scope="session")
def index_path(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("benchmarks")
    path = folder / "benchmarks.index"
    source = BenchmarkSource([str(each) for each in write_benchmarks(folder)], names={"split": "test"})
    build_index_file(source, path, IndexSettings(shortest=8), lambda message: None)
    return path


@pytest.fixture(scope="session")
def recipe_file(tmp_path_factory, index_path: Path) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "clean.yaml"
    path.write_text(RECIPE.format(index=index_path))
    return path


@pytest.fixture(scope="session")
def decontaminate(recipe_file: Path) -> Callable[..., tuple[Manifest, str]]:
    """Runs the test recipe; returns the manifest and what was printed."""

    def _run(pattern: str, out: Path, *changes: str, workers: int = 1) -> tuple[Manifest, str]:
        printed = io.StringIO()
        console = Console(file=printed, width=200)
        plan = plan_decontamination(load_recipe(recipe_file, changes), [pattern], str(out))
        manifest = run_plan(plan, RunOptions(workers=workers), console, datetime.now(UTC))
        print_summary(manifest, str(out), console)
        return manifest, printed.getvalue()

    return _run
