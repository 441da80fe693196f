"""What pages say of themselves."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.metadata.read import read_metadata
from pipelines.extract.page import Extracted, Page

URL = "https://a.example/dir/page.html"


def read(html: str, url: str | None = URL, fetched: date | None = None) -> Extracted:
    return read_metadata(tokenize(to_source(html)), url, fetched)


def test_a_head_with_everything() -> None:
    found = read("""<html lang="de-AT"><head><title>Titel | Seite</title>
        <meta property="og:title" content=" Der  Titel "><meta property="og:site_name" content="Die Seite">
        <meta name="Author" content="A. Autorin"><link rel="canonical" href="../kanon">
        <meta property="article:published_time" content="2023-04-05T06:07:08+02:00"></head>""")
    assert found == Extracted(
        text="", title="Der Titel", author="A. Autorin", date="2023-04-05", language="de-AT",
        canonical_url="https://a.example/kanon", site_name="Die Seite",
    )  # fmt: skip


def test_an_empty_page_says_nothing() -> None:
    assert read("") == Extracted("")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Bread &amp; butter - The Example</title><h1>Bread &amp; butter</h1>", "Bread & butter"),
        ("<title>Bread and butter today | Example</title>", "Bread and butter today"),
        ("<title>Example: Bread and butter today</title>", "Example: Bread and butter today"),
        ("<title>A.example - Bread and butter</title>", "Bread and butter"),
        ("<title>Left-hand drive</title>", "Left-hand drive"),
        ('<meta property="og:title" content="Bread"><title>X</title><h1>Bread<br>with a rubric</h1>', "Bread"),
        ("<h1>Only this</h1>", "Only this"),
        ("<title>The Example</title><h1>The Example</h1><h1>Bread</h1>", "The Example"),
    ],
)
def test_titles(html: str, title: str) -> None:
    assert read(html).title == title


def test_the_site_in_a_title() -> None:
    assert (
        read("<title>Pâte - Le Bon Exemple</title>", "https://www.lebonexemple.fr/pate").site_name == "Le Bon Exemple"
    )
    assert read("<title>Bread - Le Bon Exemple</title>").site_name is None


@pytest.mark.parametrize(
    ("html", "day"),
    [
        ('<meta name="date" content="20230405">', "2023-04-05"),
        ('<meta itemprop="datePublished" content="2023-04-05 10:00">', "2023-04-05"),
        ('<meta name="date" content="05.04.2023">', "2023-04-05"),
        ('<meta name="date" content="2023-13-05">', None),
        ('<meta name="date" content="202304051">', None),
        ('<meta name="pubdate" content="soon"><meta name="dc.date" content="1999-12-31">', "1999-12-31"),
        ('<meta property="article:modified_time" content="2024-01-01"><time datetime="2023-04-05">', "2023-04-05"),
        ('<div class="comments"><time datetime="2020-01-01"></div><time datetime="2023-04-05">', "2023-04-05"),
        ('<span class="post-date">5. April 2023</span>', "2023-04-05"),
        ("<h1>Title</h1><p>Anna, 5 April 2023<p>2001-01-01", "2023-04-05"),
        ('<meta name="date" content="2023-04-07"><time datetime="2023-04-05">', "2023-04-05"),
    ],
)
def test_days(html: str, day: str | None) -> None:
    assert read(f'<html lang="de">{html}', fetched=date(2023, 4, 6)).date == day


def test_a_day_in_the_address() -> None:
    assert read("<p>Text", "https://a.example/2023/04/05/bread").date == "2023-04-05"
    assert read("<p>Text", "https://web.archive.org/web/20070228213001/http://a.example/x").date is None


@pytest.mark.parametrize(
    ("html", "author"),
    [
        ('<p class="byline">By <a href="/anna">Anna Smith</a> and <a>Bob Müller</a></p>', "Anna Smith; Bob Müller"),
        ('<p class="byline">Von Anna Schmidt | Zürich</p>', "Anna Schmidt"),
        ('<div class="post-author">Text: Anna Schmidt<br>5.4.2023</div>', "Anna Schmidt"),
        ('<span itemprop="author"><span itemprop="name">王小明</span></span>', "王小明"),
        ('<meta name="author" content="Anna Smith"><p class="byline">By Bob', "Anna Smith"),
        ('<meta name="author" content="https://a.example/anna"><p class="byline">By Bob', "Bob"),
        ('<meta property="og:site_name" content="News"><meta name=author content=news><p class=byline>Bob', "Bob"),
        ('<meta property="og:site_name" content="News"><meta name=author content=News>', "News"),
        ('<div class="comment"><span class="author">Troll</span></div>', None),
        ('<p class="byline">5 April 2023</p>', None),
    ],
)
def test_authors(html: str, author: str | None) -> None:
    assert read(html).author == author


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("A B", "A B"),
        ({"@type": "Person", "name": "A"}, "A"),
        ([{"name": "A"}, {"name": "B"}], "A; B"),
        ({"@id": "#anna"}, "Anna"),
        ("https://a.example/author", None),
        ([], None),
        (7, None),
    ],
)
def test_linked_data(author: object, expected: str | None) -> None:
    article = {"@type": "Article", "datePublished": "2020-02-03T00:00Z", "author": author}
    anna = {"@type": "Person", "@id": "#anna", "name": "Anna"}
    for statement in ([anna, article], [{"@type": "WebSite"}, article, anna], {"@graph": [anna, {"@id": 1}, article]}):
        found = read(f'<script type="application/ld+json">{json.dumps(statement)}</script>')
        assert (found.date, found.author) == ("2020-02-03", expected)


def test_what_is_no_text_is_left_out() -> None:
    statement = r'{"headline": "\ud800A \u0000title", "author": "Anna \udfffSmith", "publisher": "\u0000News"}'
    found = read(f'<script type="application/ld+json">{statement}</script><meta name=x content="&#{"1" * 5_000};">')
    assert (found.title, found.author, found.site_name) == ("A title", "Anna Smith", "News")


@pytest.mark.parametrize(
    "statement",
    ["", "{", "[" * 100_000, '{"@graph":' * 5_000, '{"@graph": 3}', "null", '{"datePublished": {}}', "[[[[]]]]"],
)
def test_broken_linked_data_says_nothing(statement: str) -> None:
    assert read(f'<title>T</title><script type="application/ld+json">{statement}</script>') == Extracted("", title="T")


@pytest.mark.parametrize(
    ("href", "expected"),
    [("//b.example/x", "https://b.example/x"), ("javascript:alert()", None), ("http://[", None), ("", None)],
)
def test_canonical_addresses(href: str, expected: str | None) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical_url == expected


def test_an_address_that_is_none() -> None:
    assert read("<title>T | a</title>", "http://[").title == "T | a"


PARTS = (
    "<meta ", 'name="author"', " content=", '"', "'", "<h1>", "<time ", "datetime=", "2023-04-05", ">", "By ",
    "Anna", "<p class=byline", "\ud800", "&amp;", "<script type=application/ld+json>", '{"author":', "}", "</script>",
    "\n", "|",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join), st.one_of(st.none(), st.text(max_size=20)))
def test_any_page_says_something_that_can_be_written(html: str, url: str | None) -> None:
    found = read(html, url)
    for value in (found.title, found.author, found.date, found.language, found.canonical_url, found.site_name):
        assert value is None or (value.strip() == value and value and value.encode())
    assert found.date is None or date.fromisoformat(found.date)


@pytest.mark.parametrize(
    "start", ['<meta a="', "<meta " + "a" * 100, "<meta a=" + "'x' b", "<h1 class=byline ", "<time>1 1"]
)
def test_long_tags_take_linear_time(start: str) -> None:
    read(start * 20_000)


def test_real_pages(real_pages: list[Page]) -> None:
    found = [read(page.html, page.url, page.fetched) for page in real_pages]
    assert sum(each.title is not None for each in found) > 0.98 * len(found)
    assert sum(each.date is not None for each in found) > 0.6 * len(found)
    assert sum(each.author is not None for each in found) > 0.3 * len(found)
    for each, page in zip(found, real_pages, strict=True):
        assert not each.date or not page.fetched or each.date <= page.fetched.isoformat()
        assert len(each.title or "") <= 1000


def test_the_author_that_a_link_leads_to() -> None:
    assert (
        read("<h2>By <a href=/a/1 rel=author>Anna Blum</a></h2><p>More by <a rel=author>Bob</a>").author == "Anna Blum"
    )
    assert read('<p>by <a href="https://a.example/author/ab/">Anna Blum</a>').author == "Anna Blum"
    assert read('<p><a href="/authority">Anna Blum</a>').author is None


def test_what_stands_beside_an_author() -> None:
    byline = "<div class=byline><p>By</p><p>Anna Blum</p></div>"
    assert read(byline).author == "Anna Blum"
    assert read(f"<h4 class=author>Author</h4>{byline}").author == "Anna Blum"
    assert read(f"<p class=author>Sep 2</p>{byline}").author == "Anna Blum"
    assert read('<meta name=author content="Maria &amp;amp; Anna Blum">').author == "Maria; Anna Blum"


def test_authors_as_libraries_want_them() -> None:
    cited = '<meta name="citation_author" content="Blum, Anna"><meta name="citation_author" content="Bob Carr">'
    assert read(cited).author == "Anna Blum; Bob Carr"


def test_the_authors_of_the_article_behind_its_page_in_json() -> None:
    graph = [
        {"@type": "WebPage", "datePublished": "2020-01-02"},
        {"@type": "Article", "author": {"@type": "Person", "name": "Anna Blum"}},
    ]
    found = read(f"<script type=application/ld+json>{json.dumps({'@graph': graph})}</script>")
    assert (found.author, found.date) == ("Anna Blum", "2020-01-02")


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="published" content="June 5, 2015">',
        '<meta name="citation_publication_date" content="2015 Jun 5">',
        "<html lang=en><h3>Freitag, 5. Juni 2015</h3><h1>In another language than is said</h1>",
        "<p class=date>5 июня 2015, 13:43",
        '<script type="application/json">{"publishedDate":"2015-06-05T20:37:27Z"}</script>',
        "<div data-page='{&quot;datePublished&quot;:&quot;2015-06-05&quot;}'></div>",
    ],
)
def test_days_in_places_and_languages_of_all_kinds(html: str) -> None:
    assert read(html).date == "2015-06-05"


def test_a_name_that_is_another_month_elsewhere_is_none() -> None:
    assert read("<p>5 listopad 2015").date is None
    assert read("<html lang=pl><p>5 listopad 2015").date == "2015-11-05"
