"""What pages say of themselves."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from pipelines.extract.head import read_head
from pipelines.extract.page import Extracted, Page

URL = "https://a.example/dir/page.html"


def head(html: str) -> Extracted:
    return read_head(HTMLTree.parse(html), URL)


def test_a_head_with_everything() -> None:
    found = head("""<html lang="de-AT"><head><title>Titel | Seite</title>
        <meta property="og:title" content=" Der  Titel "><meta property="og:site_name" content="Die Seite">
        <meta name="Author" content="A. Autorin"><link rel="canonical" href="../kanon">
        <meta property="article:published_time" content="2023-04-05T06:07:08+02:00"></head>""")
    assert found == Extracted(
        text="", title="Der Titel", author="A. Autorin", date="2023-04-05", language="de-AT",
        canonical_url="https://a.example/kanon", site_name="Die Seite",
    )  # fmt: skip


def test_an_empty_page_says_nothing() -> None:
    assert head("") == Extracted("")


@pytest.mark.parametrize(
    ("html", "date"),
    [
        ('<meta name="date" content="20230405">', "2023-04-05"),
        ('<meta itemprop="datePublished" content="2023-04-05 10:00">', "2023-04-05"),
        ('<meta name="date" content="05.04.2023">', None),
        ('<meta name="date" content="2023-13-05">', None),
        ('<meta name="date" content="202304051">', None),
        ('<meta name="pubdate" content="soon"><meta name="dc.date" content="1999-12-31">', "1999-12-31"),
    ],
)
def test_days(html: str, date: str | None) -> None:
    assert head(html).date == date


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("A", "A"),
        ({"@type": "Person", "name": "A"}, "A"),
        ([{"name": "A"}, {"name": "B"}], "A"),
        ("https://a.example/author", None),
        ([], None),
        (7, None),
    ],
)
def test_linked_data(author: object, expected: str | None) -> None:
    article = {"@type": "Article", "datePublished": "2020-02-03T00:00Z", "author": author}
    for statement in (article, [{"@type": "Site"}, article], {"@graph": [{"@id": 1}, article]}):
        found = head(f'<script type="application/ld+json">{json.dumps(statement)}</script>')
        assert (found.date, found.author) == ("2020-02-03", expected)


@pytest.mark.parametrize("statement", ["", "{", "[" * 100_000, '{"@graph": 3}', "null", '{"datePublished": {}}'])
def test_broken_linked_data_says_nothing(statement: str) -> None:
    assert head(f'<title>T</title><script type="application/ld+json">{statement}</script>') == Extracted("", title="T")


@pytest.mark.parametrize(
    ("href", "expected"),
    [("//b.example/x", "https://b.example/x"), ("javascript:alert()", None), ("http://[", None), ("", None)],
)
def test_canonical_addresses(href: str, expected: str | None) -> None:
    assert head(f'<link rel="canonical" href="{href}">').canonical_url == expected


@given(st.text(max_size=300), st.text(max_size=50))
def test_any_text_can_be_read(content: str, attribute: str) -> None:
    found = head(f'<meta name="author" content="{attribute}"><script type="application/ld+json">{content}')
    assert all(value is None or value.strip() == value != "" for value in (found.title, found.author, found.date))


def test_real_pages_mostly_have_title_and_language(real_pages: list[Page]) -> None:
    found = [read_head(HTMLTree.parse(page.html), page.url) for page in real_pages]
    assert sum(f.title is not None for f in found) > 0.95 * len(found)
    assert sum(f.language is not None for f in found) > 0.6 * len(found)
    assert sum(f.canonical_url is not None for f in found) > 0.4 * len(found)
    assert sum(f.date is not None for f in found) > 0.2 * len(found)
