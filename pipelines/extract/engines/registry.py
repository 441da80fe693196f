"""Which module is which engine, and the versions that its results depend on."""

from importlib import import_module
from importlib.metadata import version

from pipelines.extract.page import Engine
from schemas.recipe.extract import CombinedSettings, EngineSettings

MODULES = {
    "orchard": "pipelines.extract.engines.orchard",
    "trafilatura": "pipelines.extract.engines.trafilatura",
    "resiliparse": "pipelines.extract.engines.resiliparse",
    "union": "pipelines.extract.engines.combined",
    "agreement": "pipelines.extract.engines.combined",
}
PACKAGES = {
    "orchard": ("numba", "trafilatura", "lxml", "htmldate", "jusText", "resiliparse"),
    "trafilatura": ("trafilatura", "lxml", "htmldate", "jusText", "resiliparse"),
    "resiliparse": ("resiliparse",),
}
"""The libraries that an engine's results depend on, the one that names it first."""


def prepare_engine(module: str, settings: EngineSettings) -> Engine:
    """Import an engine's ``module`` and bind the settings."""
    return import_module(module).prepare(settings)


def engine_version(settings: EngineSettings) -> str:
    """The engine and its libraries for the manifest, such as ``resiliparse 2.0.1``; imports none of them."""
    if isinstance(settings, CombinedSettings):
        return f"{settings.engine} of ({engine_version(settings.first)}) and ({engine_version(settings.second)})"
    return ", ".join(f"{package} {version(package)}" for package in PACKAGES[settings.engine])
