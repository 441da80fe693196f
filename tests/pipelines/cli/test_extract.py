"""`orchard extract` as a user sees it."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from filters.errors import SettingError
from pipelines.cli.app import app
from pipelines.extract.one_page import load_page
from pipelines.extract.page_view import PageView, view_page
from schemas.recipe.extract import OrchardSettings, ResiliparseSettings, TrafilaturaSettings

SENTENCE = "This is a sentence of the article, which says, at some length, what the page is about. "
PAGE = f"""<html lang="en"><head><title>Bread - Example</title><meta name="author" content="Anna Smith"></head><body>
<nav><ul><li><a href="/">Home</a><li><a href="/a">About us</a><li><a href="/c">Contact</a></ul></nav>
<article><h1>Bread</h1><p>{SENTENCE * 3}<p>{SENTENCE * 2} *\x1b[31m*<ul><li>{SENTENCE}<li>{SENTENCE}</ul></article>
<footer><a href="/p">Privacy</a> | <a href="/t">Terms</a> Copyright 2024</footer></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return str(path)


def extract(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["extract", *arguments])


def test_every_block_is_shown_with_what_became_of_it(page: str) -> None:
    lines = extract(page).stdout.splitlines()
    assert lines[:4] == ["title         Bread", "author        Anna Smith", "language      en", lines[3]]
    assert lines[3].startswith("extraction    orchard: ")
    assert "confidence 0." in lines[3]
    (home,) = (line for line in lines if "Home" in line)
    assert home.startswith("- 0.")
    assert "(usual " in home
    assert any(line.startswith("+ ") and "This is a sentence" in line for line in lines)
    assert all(line[:4] in ("+ 0.", "+ 1.", "- 0.", "- 1.") for line in lines[5:])
    assert not any("\x1b" in line for line in lines)


def test_markdown_and_text(page: str) -> None:
    markdown, text = extract(page, "--markdown").stdout, extract(page, "--text").stdout
    assert "*\ufffd[31m*" in text
    assert "\\*\ufffd[31m\\*" in markdown
    assert SENTENCE.strip() in text
    assert "Privacy" not in text


@pytest.mark.parametrize("engine", ["orchard", "trafilatura", "resiliparse"])
def test_json(page: str, engine: str) -> None:
    view = json.loads(extract(page, "--engine", engine, "--json").stdout)
    assert view["engine"] == engine
    assert view["found"]["author"] == "Anna Smith"
    assert (view["confidence"] is not None) == (engine == "orchard")
    kept = [block["text"] for block in view["blocks"] if block["kept"]]
    assert any("This is a sentence" in text for text in kept)
    assert all(" ".join(text.split()) in " ".join(view["found"]["text"].split()) for text in kept)
    assert any(block["text"] == "Home" and not block["kept"] for block in view["blocks"])


def test_mistakes(page: str) -> None:
    assert isinstance(extract(page, "--text", "--json").exception, SettingError)
    assert "--record" in str(extract(page, "--record", "2").exception)
    assert extract(page, "--engine", "nothing").exit_code == 2


def test_help_has_examples() -> None:
    help_text = extract("--help").stdout
    assert "orchard extract crawl-00.warc.gz --url-filter /news/ --record 3" in help_text


def test_pages_that_the_model_is_not_sure_of(page: str) -> None:
    loaded = load_page(page)
    view = view_page(loaded, OrchardSettings(min_confidence=1.0))
    other = view_page(loaded, TrafilaturaSettings())
    assert (view.routed_to, view.found.text) == ("trafilatura", other.found.text)
    assert [block.kept for block in view.blocks] == [block.kept for block in other.blocks]
    assert all(block.probability is not None for block in view.blocks)
    assert view_page(loaded, OrchardSettings(min_confidence=1.0, fallback="none")).routed_to is None


def check(view: PageView) -> None:
    shown = "".join(block.text for block in view.blocks if block.kept)
    assert "".join(shown.split()) == "".join(view.found.text.split())
    assert all(not block.probability or 0 <= block.probability <= 1 for block in view.blocks)


def test_real_pages(shared_data: Path) -> None:
    source = str(shared_data / "web" / "web-dev-002.warc.gz")
    for record in (1, 40, 80):
        check(view_page(load_page(source, record), OrchardSettings(fallback="none")))
    assert any(block.kept for block in view_page(load_page(source), ResiliparseSettings()).blocks)


@pytest.mark.parametrize("html", ["", "\0", "<p>", "no markup"])
def test_hardly_a_page(tmp_path: Path, html: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(html)
    assert extract(str(path)).exit_code == 0
    assert json.loads(extract(str(path), "--json").stdout)["blocks"] is not None


def test_comments_are_shown_apart(tmp_path: Path) -> None:
    items = "".join(f"<li class=comment><p>Reader {i} says that bread needs time, and salt, and time." for i in (1, 2))
    path = tmp_path / "page.html"
    path.write_text(PAGE.replace("</article>", f"</article><ol class=commentlist>{items}</ol>"))
    comments, text = extract(str(path), "--comments").stdout, extract(str(path), "--text").stdout
    assert [line[:8] for line in comments.splitlines()] == ["Reader 1", "Reader 2"]
    assert "Reader 1" not in text
    assert "readers' comments (--comments): " in extract(str(path)).stdout
    with pytest.raises(SettingError, match="does not tell comments"):
        raise extract(str(path), "--comments", "--engine", "resiliparse").exception or AssertionError


def test_it_says_that_the_text_stands_in_data(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    data = json.dumps({"articleBody": SENTENCE * 5})
    path.write_text(f"<html><body><p>Loading</p><script type=application/ld+json>{data}</script></body></html>")
    assert "the article in the page's data" in extract(str(path)).stdout
    assert extract(str(path), "--text").stdout.strip() == (SENTENCE * 5).strip()
