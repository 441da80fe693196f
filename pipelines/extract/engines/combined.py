"""Engines ``union`` and ``agreement``: two engines on every page, their texts put together line by line."""

from dataclasses import replace
from datetime import date

from pipelines.extract.combine import agreement, union
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.page import Engine, Extracted
from schemas.recipe.extract import CombinedSettings


def prepare(settings: CombinedSettings) -> Engine:
    """Prepare both engines. Raises ``SettingError`` where one of them refuses its settings."""
    first, second = (prepare_engine(MODULES[each.engine], each) for each in (settings.first, settings.second))
    combine = union if settings.engine == "union" else agreement

    def extract(html: str, url: str | None, fetched: date | None) -> Extracted:
        found = first(html, url, fetched)
        return replace(found, text=combine(found.text, second(html, url, fetched).text).strip())

    return extract
