"""Engine trafilatura: the text of ``trafilatura.extract`` with the same knobs, whatever was extracted before."""

from datetime import date

import pytest
import trafilatura
from trafilatura.deduplication import LRU_TEST

from filters.errors import SettingError
from pipelines.extract.engines.trafilatura import prepare
from pipelines.extract.page import Page
from schemas.recipe.extract import DateExtraction, TrafilaturaSettings

PARAGRAPH = (
    "<p>This paragraph is long enough to count as content, since it has well over a hundred characters in it.</p>"
)


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"favor_precision": True, "deduplicate": True},
        {"favor_recall": True, "include_comments": True},
        {"fast": True, "include_tables": False},
        {"output_format": "markdown", "include_links": True, "include_images": True},
        {"include_formatting": True, "target_language": "en"},
        {"prune_xpath": ("//p[1]", "//h1")},
    ],
    ids=lambda knobs: "-".join(knobs) or "default",
)
def test_real_pages_give_what_trafilatura_gives(real_pages: list[Page], knobs: dict[str, object]) -> None:
    extract = prepare(TrafilaturaSettings.model_validate(knobs))
    reference = {"include_comments": False, **knobs}
    if "prune_xpath" in reference:
        reference["prune_xpath"] = list(knobs["prune_xpath"])  # type: ignore[call-overload]
    pages = real_pages[::10]
    for page in pages:
        LRU_TEST.clear()
        expected = trafilatura.extract(page.html, url=page.url, **reference) or ""  # type: ignore[arg-type]
        assert extract(page.html, page.url, page.fetched).text == expected, page.url


def test_with_metadata_only_the_header_is_left_out(real_pages: list[Page]) -> None:
    extract = prepare(TrafilaturaSettings(with_metadata=True, fast=True))
    for page in real_pages[::15]:
        found = extract(page.html, page.url, page.fetched)
        reference = trafilatura.extract_with_metadata(
            page.html,
            url=page.url,
            fast=True,
            include_comments=False,
            date_extraction_params={"original_date": True, "max_date": str(page.fetched)},
        )
        assert reference is not None
        assert (reference.text or "").endswith(found.text)
        assert (found.title, found.author, found.date) == (reference.title, reference.author, reference.date)


def test_deduplication_does_not_remember_other_pages() -> None:
    """trafilatura's own store does: it drops the page when it comes for the fourth time."""
    page = f"<html><body><article>{PARAGRAPH}<p>Another one.</p></article></body></html>"
    LRU_TEST.clear()
    expected = trafilatura.extract(page, deduplicate=True)
    assert expected is not None
    assert [trafilatura.extract(page, deduplicate=True) for _ in range(5)][-1] is None
    extract = prepare(TrafilaturaSettings(deduplicate=True))
    assert [extract(page, None, None).text for _ in range(6)] == [expected] * 6


def test_sizes_are_those_of_the_settings() -> None:
    page = f"<html><body>{PARAGRAPH}</body></html>"
    assert prepare(TrafilaturaSettings())(page, None, None).text != ""
    assert prepare(TrafilaturaSettings(min_output_size=10_000))(page, None, None).text == ""


def test_no_date_after_the_day_of_fetching_is_believed() -> None:
    page = f'<html><head><meta name="date" content="2024-05-01"></head><body>{PARAGRAPH}</body></html>'
    extract = prepare(TrafilaturaSettings(with_metadata=True))
    assert extract(page, None, date(2024, 6, 1)).date == "2024-05-01"
    assert extract(page, None, date(2023, 6, 1)).date is None
    assert extract(page, None, None).date == "2024-05-01"
    limited = TrafilaturaSettings(with_metadata=True, date_extraction_params=DateExtraction(max_date=date(2020, 1, 1)))
    assert prepare(limited)(page, None, date(2024, 6, 1)).date is None


def test_pages_are_refused_by_address_and_by_lack_of_metadata() -> None:
    page = f"<html><head><title>A title</title></head><body>{PARAGRAPH}</body></html>"
    url = "https://a.example/page"
    assert prepare(TrafilaturaSettings(only_with_metadata=True))(page, url, None).text == ""
    assert prepare(TrafilaturaSettings(url_blacklist=(url,)))(page, url, None).text == ""
    assert prepare(TrafilaturaSettings(url_blacklist=("https://b.example/",)))(page, url, None).text != ""


def test_a_malformed_xpath_is_a_configuration_error() -> None:
    with pytest.raises(SettingError, match=r"prune_xpath: '//\[' is not an XPath"):
        prepare(TrafilaturaSettings(prune_xpath=("//[",)))
