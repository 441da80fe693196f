"""Two engines on every page."""

from importlib.metadata import version

import pytest
from pydantic import TypeAdapter, ValidationError

from pipelines.extract.engines.registry import MODULES, engine_version, prepare_engine
from pipelines.extract.page import Page
from pipelines.extract.sandbox import ExtractionSandbox
from pipelines.extract.scoring import bag_of_words
from schemas.recipe.extract import CombinedSettings, ExtractSettings, ResiliparseSettings, TrafilaturaSettings

BOTH = {"first": ResiliparseSettings(), "second": TrafilaturaSettings(fast=True)}


def texts(settings, pages: list[Page]) -> list[str]:
    engine = prepare_engine(MODULES[settings.engine], settings)
    return [engine(page.html, page.url, page.fetched).text for page in pages]


def test_the_union_has_all_and_the_agreement_what_both_have(real_pages: list[Page]) -> None:
    pages = real_pages[::10]
    first, second = (texts(settings, pages) for settings in BOTH.values())
    union = texts(CombinedSettings(engine="union", **BOTH), pages)
    agreement = texts(CombinedSettings(engine="agreement", **BOTH), pages)
    for one, other, more, less in zip(first, second, union, agreement, strict=True):
        assert bag_of_words(less) <= bag_of_words(one) <= bag_of_words(more)
        assert not set(bag_of_words(other)) - set(bag_of_words(more)) or len(more) >= len(one)
    assert sum(map(len, agreement)) < sum(map(len, first)) < sum(map(len, union))


def test_in_the_sandbox(real_pages: list[Page]) -> None:
    settings = CombinedSettings(engine="agreement", **BOTH)
    with ExtractionSandbox(settings) as sandbox:
        found = [outcome.text for outcome in sandbox.extract_many(real_pages[:3])]
    assert found == texts(settings, real_pages[:3])


def test_in_a_recipe() -> None:
    adapter = TypeAdapter(ExtractSettings)
    settings = adapter.validate_python({"engine": "union", "second": {"engine": "resiliparse"}})
    assert isinstance(settings, CombinedSettings)
    assert (settings.first.engine, settings.second.engine) == ("orchard", "resiliparse")
    with pytest.raises(ValidationError, match=r"second.output_format must be txt"):
        adapter.validate_python({"engine": "union", "second": {"engine": "trafilatura", "output_format": "markdown"}})
    with pytest.raises(ValidationError):
        adapter.validate_python({"engine": "union", "second": {"engine": "union"}})


def test_the_manifest_names_both() -> None:
    named = engine_version(CombinedSettings(engine="union", **BOTH))
    assert named.startswith(f"union of (resiliparse {version('resiliparse')}) and (trafilatura ")
