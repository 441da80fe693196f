"""Engine resiliparse: the text of ``extract_plain_text`` with the same knobs."""

import pytest
from resiliparse.extract.html2text import extract_plain_text

from pipelines.extract.engines.resiliparse import prepare
from pipelines.extract.page import Page
from schemas.recipe.extract import ResiliparseSettings


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"main_content": False, "alt_texts": False, "links": True},
        {"preserve_formatting": "minimal_html", "comments": False, "skip_elements": ("h1", "ul")},
        {"preserve_formatting": False, "list_bullets": False, "form_fields": True, "noscript": True},
    ],
)
def test_real_pages_give_what_resiliparse_gives(real_pages: list[Page], knobs: dict[str, object]) -> None:
    extract = prepare(ResiliparseSettings.model_validate(knobs))
    for page in real_pages:
        expected = extract_plain_text(page.html, **{"main_content": True, **knobs})  # type: ignore[arg-type]
        assert extract(page.html, page.url, page.fetched).text == expected, page.url
