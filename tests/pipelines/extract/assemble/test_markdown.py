"""Markdown of kept blocks, read back with a parser of Markdown."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pipelines.extract.assemble.markdown import to_markdown
from pipelines.extract.assemble.text import to_text
from pipelines.extract.blocks.blocks import Blocks, find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import Tokens, tokenize
from pipelines.extract.page import Page

PARSER = MarkdownIt("commonmark").enable("table")
Outline = tuple | str


def parts(html: str) -> tuple[Tokens, Blocks, np.ndarray]:
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens)
    return tokens, blocks, np.ones(len(blocks), np.bool_)


def markdown(html: str, *, links: bool = False, emphasis: bool = False) -> str:
    return to_markdown(*parts(html), links=links, emphasis=emphasis)


def outline(node: SyntaxTreeNode) -> list[Outline]:
    """(type, children...) with texts as strings; hard breaks are spaces."""
    if node.type == "inline":
        return [text for text in [inline_text(node)] if text]
    if node.type in ("fence", "code_block"):
        return [(node.type, node.info, node.content)]
    name = f"{node.type} {node.tag}" if node.type == "heading" else node.type
    return [(name, *(part for child in node.children for part in outline(child)))]


def inline_text(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if not node.children:
        return node.content
    return "".join(map(inline_text, node.children))


def parsed(text: str) -> list[Outline]:
    (root,) = outline(SyntaxTreeNode(PARSER.parse(text)))
    return list(root[1:])


def words(text: str) -> str:
    """The text without white space: Markdown changes no more than that."""
    return re.sub(r"\s", "", text)


def texts(outlines: list[Outline]) -> str:
    found = []
    for each in outlines:
        if isinstance(each, str):
            found.append(each)
        else:
            found.append(each[2] if each[0] in ("fence", "code_block") else texts(list(each[1:])))
    return " ".join(found)


def test_headings_and_paragraphs() -> None:
    assert parsed(markdown("<h2>A<br>title #</h2>text<p>more")) == [
        ("heading h2", "A title #"), ("paragraph", "text"), ("paragraph", "more"),
    ]  # fmt: skip


def test_nested_lists() -> None:
    html = "<ul><li>a<ol start=7><li>b<li><p>c<p>d</ol><li>e</ul><ul><li>f</ul><ol><li>g</ol>"
    inner = ("ordered_list", ("list_item", ("paragraph", "b")), ("list_item", ("paragraph", "c"), ("paragraph", "d")))
    assert parsed(markdown(html)) == [
        ("bullet_list", ("list_item", ("paragraph", "a"), inner), ("list_item", ("paragraph", "e"))),
        ("bullet_list", ("list_item", ("paragraph", "f"))),
        ("ordered_list", ("list_item", ("paragraph", "g"))),
    ]
    assert "7. b" in markdown(html)


def test_items_keep_their_numbers_when_others_are_cut() -> None:
    tokens, blocks, keep = parts("<ol><li>a<li>b<li>c</ol>")
    keep[1] = False
    assert to_markdown(tokens, blocks, keep) == "1. a\n3. c"


def test_quotes() -> None:
    html = "<blockquote>a<p>b<ul><li>c<blockquote>d</blockquote></ul></blockquote><blockquote>e</blockquote>f"
    listed = ("bullet_list", ("list_item", ("paragraph", "c"), ("blockquote", ("paragraph", "d"))))
    assert parsed(markdown(html)) == [
        ("blockquote", ("paragraph", "a"), ("paragraph", "b"), listed),
        ("blockquote", ("paragraph", "e")),
        ("paragraph", "f"),
    ]


CODE = "def f(x):\n    return x < 1  \n\n\tprint('*a*')"


@pytest.mark.parametrize(
    "around", ["{}", "<ul><li>{}</ul>", "<blockquote>a{}</blockquote>", "<table><tr><td>{}</table>"]
)
def test_code_is_verbatim(around: str) -> None:
    spans = CODE.replace("<", "&lt;").replace("def", "<span class=k>def</span>")
    html = around.format(f'<pre><code class="language-python">\n{spans}\n</code></pre>')
    found = str(parsed(markdown(html)))
    assert repr(("fence", "python", CODE + "\n"))[1:-1] in found


def test_lines_of_code_in_blocks_of_their_own() -> None:
    assert parsed(markdown("<pre><div>a</div><div>  b</div>```</pre>")) == [("fence", "", "a\n  b\n```\n")]


def test_tables() -> None:
    html = "<table><thead><tr><th>a<th>b|c</thead><tr><td>1<td>x<br>y<tr><td><td>2</table>after"
    head = ("thead", ("tr", ("th", "a"), ("th", "b|c")))
    body = ("tbody", ("tr", ("td", "1"), ("td", "x y")), ("tr", ("td",), ("td", "2")))
    assert parsed(markdown(html)) == [("table", head, body), ("paragraph", "after")]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>menu<td><h1>title</h1><p>a</table>",
        "<table><tr><td><p>a</table>",
        "<table><tr><td>a<td>" + "long " * 200 + "<tr><td>b<td>c</table>",
        "<table><tr><td>a<td><table><tr><td>b</table></table>",
    ],
)
def test_tables_that_only_lay_out(html: str) -> None:
    assert "|" not in markdown(html)


def test_links_and_emphasis_are_optional() -> None:
    html = '<p>a <a href="/x (1)?a=1&amp;b=2"><b>b</b> c</a> <em>d</em><a href="javascript:x()">e</a>'
    assert markdown(html) == "a b c de"
    assert markdown(html, links=True) == "a [b c](</x (1)?a=1&b=2>) de"
    assert markdown(html, emphasis=True) == "a **b** c *d*e"
    assert parsed(markdown(html, links=True, emphasis=True)) == [("paragraph", "a b c de")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>" + "#" * 300_000 + "a", "# " + "#" * 300_000 + "a"),
        ("<h1>a #b ##", "# a #b \\##"),
        ("<p>a&nbsp;<b> b </b>c", "a **b** c"),
    ],
)
def test_marks_at_ends(html: str, expected: str) -> None:
    assert markdown(html, emphasis=True) == expected


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("a]( b", "/x"), ("a [b] [c", "/x"), ("<code>a]</code>", "/x"), ("a \\", "/x"), ("[]", "/x"),
        ("a", "/x\x02y"), ("a", "/x\x7fy"), ("a", "/x y"), ("a", "/x)(y"), ("a", "/x&lt;y\\"), ("a", "\x05"),
    ],
)  # fmt: skip
def test_any_link_is_read_as_one(text: str, target: str) -> None:
    (paragraph,) = SyntaxTreeNode(PARSER.parse(markdown(f"<p><a href='{target}'>{text}</a>", links=True))).children
    (link,) = paragraph.children[0].children
    assert link.type == "link"
    assert inline_text(link) == text.replace("<code>", "").replace("</code>", "")


def test_a_list_that_does_not_begin_with_one() -> None:
    inner = ("ordered_list", ("list_item", ("paragraph", "b")))
    assert parsed(markdown("<blockquote><ul><li>a<ol start=3><li>b</ol></ul></blockquote>")) == [
        ("blockquote", ("bullet_list", ("list_item", ("paragraph", "a"), inner)))
    ]


def test_the_language_of_code_is_not_read_from_the_code() -> None:
    assert markdown("<pre>lang: python</pre>") == "```\nlang: python\n```"


def test_inline_code() -> None:
    assert markdown("<p>use <code>a `b` <i>c</i></code>.") == "use ``a `b` c``."


def test_plain_words_stay_as_they_are() -> None:
    text = "A snake_case_name costs 3 * 4 = 12 < 13 [1] (see #5) ~ 50%; AT&T - x|y + z. e.g. 1.5 \\ a"
    assert markdown(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}") == text


MARKS = st.text("#*_-+>`~|[]()<&;!=\\:.0a1 \n", min_size=1, max_size=12)


@given(
    st.lists(MARKS, min_size=1, max_size=4),
    st.sampled_from(["<p>", "<li>", "<td>", "<h3>", "<br>", "<b>", "<blockquote>"]),
)
def test_no_text_makes_markup(found: list[str], tag: str) -> None:
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in found]
    tokens, blocks, keep = parts(tag + tag.join(escaped))
    for emphasis in (False, True):
        result = parsed(to_markdown(tokens, blocks, keep, emphasis=emphasis))
        assert words(texts(result)) == words(to_text(tokens, blocks, keep))
        assert {each[0] for each in result} <= {"paragraph", "bullet_list", "heading h3", "blockquote"}


TREES = st.recursive(
    st.sampled_from(["one", "<p>two", "3.", "- four", "five<br>six", "<code>`x`</code>", "<h2>head</h2>", "<b>!b</b>"]),
    lambda inner: st.builds(
        lambda tag, children: f"<{tag}>{''.join(children)}</{tag}>",
        st.sampled_from(["ul", "ol", "li", "blockquote", "div", "table", "tr", "td", "dl", "a href=x", "pre", "span"]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@given(TREES, st.booleans(), st.booleans())
def test_any_structure_keeps_its_words_in_order(html: str, links: bool, emphasis: bool) -> None:
    tokens, blocks, keep = parts(html)
    result = parsed(to_markdown(tokens, blocks, keep, links=links, emphasis=emphasis))
    assert words(texts(result)) == words(to_text(tokens, blocks, keep))


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>" * 250 + "<li>x" * 20_000,
        "<blockquote>" * 500 + "<p>x" * 20_000,
        "<table><tr><td>" * 150 + "<p>x" * 20_000,
        "<ol><li><pre>x</pre>" * 200,
        "<p>" + "<b>x</b> <code>`y</code>" * 20_000,
        "<table>" + "<tr><td>a<td>b" * 20_000,
        "<ul>" + "<ul><li>x</ul>" * 20_000,
        "<table><tr><td>" + "x<table><tr><td>y</table>" * 10_000,
        "<ol>" + "<li>x<ol><li>y</ol>" * 10_000,
        "<pre>" + "``````\n" * 20_000,
        "<h1>" + "#" * 300_000 + "a",
        "<ul><li>" * 30 + "<pre><code>x" + " " * 300_000 + "x",
        "<table><tr>" + "<td>a<td><pre>b</pre>" * 20_000,
        "<table><tr>" + "<th>a" * 20_000 + "<tr><td>b" * 20_000,
        "<a href=/ title='" + "t" * 300_000 + "'>" + "<b>x</b> y " * 20_000,
        "<a href='data:" + "t" * 300_000 + "'>" + "<p>x" * 20_000,
    ],
)
def test_hostile_structure_costs_no_more_than_its_size(html: str) -> None:
    tokens, blocks, keep = parts(html)
    text = to_markdown(tokens, blocks, keep, links=True, emphasis=True)
    assert "".join(filter(str.isalpha, text)) == "".join(filter(str.isalpha, to_text(tokens, blocks, keep)))
    assert len(text) < 100 * len(html) + 1_000


def test_real_pages(real_pages: list[Page]) -> None:
    same = 0
    for page in real_pages:
        tokens, blocks, keep = parts(page.html)
        text = to_markdown(tokens, blocks, keep)
        same += words(texts(parsed(text))) == words(to_text(tokens, blocks, keep))
        to_markdown(tokens, blocks, keep, links=True, emphasis=True)
    assert same > 0.97 * len(real_pages)
