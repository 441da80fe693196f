import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.engine.job import RunOptions
from pipelines.mix.run import plan_mix, run_mix
from pipelines.tokenize.open import open_tokenizer
from schemas.manifest import Manifest
from schemas.recipe.load import load_mixture
from tests.pipelines.mix.shards import Document, make_documents
from tests.support.tokenizers import sentencepiece_model

RECIPE = """\
name: test-mixture
seed: 5
stages:
  - name: core
    tokens: 150000
    sequence_length: 256
    excludes: [licensed]
    mix:
      web: {weight: 0.6}
      code: {weight: 0.3}
      public: {weight: 0.1}
  - name: continued
    tokens: 60000
    sequence_length: 512
    packing: concatenate
    teacher: true
    mix:
      web/new: {weight: 0.5}
      code: {weight: 0.3}
      licensed: {weight: 0.2}
samples:
  - {name: recovery, of: core, fraction: 0.05}
  - {name: calibration, of: core, fraction: 0.01, sequence_length: 128}
"""
SIZES = {
    ("web", "old"): 1500,
    ("web", "new"): 500,
    ("code", "repositories"): 400,
    ("public", "books"): 250,
    ("licensed", "press"): 150,
    ("synthetic", "stories"): 30,
}


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tokenizer") / "small.model"
    path.write_bytes(sentencepiece_model())
    return str(path)


@pytest.fixture(scope="session")
def fingerprint(model: str) -> str:
    return open_tokenizer(model).fingerprint


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    return make_documents(SIZES)


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    path = tmp_path / "mixture.yaml"
    path.write_text(RECIPE)
    return path


Mix = Callable[..., tuple[Manifest, str]]


def run_mixture(
    recipe: Path, pattern: str, model: str, out: Path, *changes: str, workers: int = 1
) -> tuple[Manifest, str]:
    """Run a recipe; returns the manifest and what was printed."""
    printed = io.StringIO()
    job = plan_mix(load_mixture(recipe, changes), [pattern], model, str(out))
    return run_mix(job, RunOptions(workers=workers), Console(file=printed, width=200)), printed.getvalue()


@pytest.fixture
def mix(recipe_file: Path, model: str) -> Mix:
    """Runs the test recipe: ``mix(pattern, out, *changes, workers=1)``."""

    def _run(pattern: str, out: Path, *changes: str, workers: int = 1) -> tuple[Manifest, str]:
        return run_mixture(recipe_file, pattern, model, out, *changes, workers=workers)

    return _run


def outputs(out: Path) -> dict[str, bytes]:
    """All that a mixture is for, by name."""
    found = [*out.rglob("packed/**/*.parquet"), out / "mixture.json", out / "mixture.md"]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}
