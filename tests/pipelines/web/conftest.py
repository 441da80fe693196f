import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.engine.job import RunOptions
from pipelines.job.run import run_recipe
from schemas.manifest import Manifest
from schemas.recipe.load import load_recipe
from tests.pipelines.web.crawl import write_crawl

RECIPE = """\
name: test
collection: test
extract: {engine: resiliparse, time_limit_seconds: 20}
filters:
  - {type: language, keep: [en]}
  - {type: gopher_quality, word_count: {min: 50}, alphabetic_word_ratio: {min: 0.5}}
  - type: gopher_repetition
    duplicate_paragraph_fraction: {max: 0.3}
    duplicate_line_fraction: {max: 0.3}
    # 110 words make many bigrams twice in the good pages too
    top_2gram_fraction: null
    top_3gram_fraction: null
    top_4gram_fraction: null
  - {type: pii}
"""


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    path = tmp_path / "test.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def crawl(tmp_path: Path) -> str:
    return write_crawl(tmp_path / "crawl")


@pytest.fixture
def run(recipe_file: Path) -> Callable[..., tuple[Manifest, str]]:
    """Runs the test recipe; returns the manifest and what was printed."""

    def _run(inputs: str | list[str], out: Path, *changes: str, workers: int = 1) -> tuple[Manifest, str]:
        printed = io.StringIO()
        manifest = run_recipe(
            load_recipe(recipe_file, changes),
            [inputs] if isinstance(inputs, str) else inputs,
            str(out),
            RunOptions(workers=workers),
            Console(file=printed, width=200),
        )
        return manifest, printed.getvalue()

    return _run


def outputs(folder: Path) -> dict[str, bytes]:
    """Every Parquet file of a run, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}
