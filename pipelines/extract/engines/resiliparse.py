"""Engine ``resiliparse``: rules over its own fast DOM; a tenth of trafilatura's time, more boilerplate."""

from dataclasses import replace
from datetime import date

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.metadata.read import read_metadata
from pipelines.extract.page import Engine, Extracted
from schemas.recipe.extract import PageLimits, ResiliparseSettings

NOT_KNOBS = {"engine", *PageLimits.model_fields}


def prepare(settings: ResiliparseSettings) -> Engine:
    """Bind the settings; the text is that of ``extract_plain_text`` with the same ones."""
    knobs = settings.model_dump(exclude=NOT_KNOBS)
    knobs["skip_elements"] = knobs["skip_elements"] or None

    def extract(html: str, url: str | None, fetched: date | None) -> Extracted:
        found = read_metadata(tokenize(to_source(html)), url, fetched)
        return replace(found, text=extract_plain_text(HTMLTree.parse(html), **knobs))

    return extract
