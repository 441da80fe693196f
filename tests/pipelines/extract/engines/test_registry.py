"""The registry: engines by name, and what the manifest says of them."""

from importlib.metadata import version

from pipelines.extract.engines.registry import MODULES, engine_version, prepare_engine
from schemas.recipe.extract import ResiliparseSettings, TrafilaturaSettings


def test_the_manifest_names_the_engine_and_its_libraries() -> None:
    assert engine_version(ResiliparseSettings()) == f"resiliparse {version('resiliparse')}"
    named = engine_version(TrafilaturaSettings())
    assert named.startswith(f"trafilatura {version('trafilatura')}, lxml {version('lxml')}, htmldate ")


def test_every_engine_can_be_prepared() -> None:
    for settings in (ResiliparseSettings(), TrafilaturaSettings()):
        extract = prepare_engine(MODULES[settings.engine], settings)
        assert "some words" in extract("<html><body><p>" + "some words " * 30, None, None).text
