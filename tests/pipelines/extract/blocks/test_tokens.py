"""Tags and texts of a page, with their nesting."""

import html as html_module
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from pipelines.extract.blocks import tags
from pipelines.extract.blocks.parse import PADDING, to_source
from pipelines.extract.blocks.tags import NAMES, TAG
from pipelines.extract.blocks.tokens import (
    CLOSE,
    DEPTH,
    END,
    KIND,
    MATCH,
    MOST_TOKENS,
    NUMBER,
    OPEN,
    PARENT,
    START,
    STATES,
    TEXT,
    WORDS,
    Tokens,
    tokenize,
)
from pipelines.extract.scoring import split_words


def tree(page: str) -> str:
    """The nesting as one line: ``p(a 'x')``."""
    tokens = tokenize(to_source(page))
    written = []
    for row in tokens.table[:-1]:
        if row[KIND] == OPEN:
            written.append(f"{NAMES[row[NUMBER]] or '?'}(")
        elif row[KIND] == CLOSE:
            written.append(")")
        else:
            written.append(f"'{text_of(tokens, row)}'")
    return " ".join(written).replace("( ", "(").replace(" )", ")")


def text_of(tokens: Tokens, row: np.ndarray) -> str:
    return tokens.source[row[START] : row[END]].tobytes().decode()


def assert_sound(tokens: Tokens) -> None:
    """Every element is closed where it should be, and every token lies in the page, in order."""
    table, length = tokens.table, len(tokens.source) - PADDING
    stack = [-1]
    for number, row in enumerate(table[:-1].tolist()):
        if row[KIND] == CLOSE:
            assert table[row[MATCH], MATCH] == number
            assert stack.pop() == row[MATCH]
        assert row[PARENT] == stack[-1]
        assert 0 <= row[START] <= row[END] <= length
        if row[KIND] == OPEN:
            stack.append(number)
    assert stack == [-1]
    assert len(stack) <= DEPTH + 3
    assert (np.diff(table[:-1, START]) >= 0).all()
    assert (np.diff(table[:, WORDS]) >= 0).all()
    assert table[-1, WORDS] == len(tokens.words)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>a<p>b", "p('a') p('b')"),
        ("<p>a<b>b<div>c</div>", "p('a' b('b')) div('c')"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "ul(li('a') li('b' ul(li('c'))) li('d')) 'e'"),
        ("<table><tr><td>a<td>b<tr><th>c</table>", "table(tr(td('a') td('b')) tr(th('c')))"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt('a') dd('b') dt('c'))"),
        ("<div>a</p>b</div>", "div('a' p() 'b')"),
        ("<td><div>a</td></div>b", "td(div('a')) 'b'"),
        ("<table><tr><td>a</div>b</table>", "table(tr(td('a' 'b')))"),
        ("<b><div>a</b>b</div>", "b(div('a' 'b'))"),
        ("a<br>b</br>c<img src='>'>d", "'a' br() 'b' br() 'c' img() 'd'"),
        ("<a href=1>a<a href=2>b</a>", "a('a') a('b')"),
        ("<title>a<b></title>b", "title('a<b>') 'b'"),
        ("<script>if (a<b) '</div>'</script>a", "script() 'a'"),
        ("<textarea><p></textarea>a", "textarea('<p>') 'a'"),
        ("<!-- <p> -->a<!--> b --><?x?>c<!d>e", "'a' 'b -->' 'c' 'e'"),
        ("<head><title>t</title><p>a", "head(title('t')) p('a')"),
        ("<body>a<html><body class=x>b", "body('a' 'b')"),
        ("1 < 2 <3 & <4>", "'1 < 2 <3 & <4>'"),
        ("<my-part>a</my-part><x-y/>b", "?('a') ?() 'b'"),
        ("<h2>a</h3>b", "h2('a') 'b'"),
        ("<select><option>a<option>b</select>", "select(option('a') option('b'))"),
        ("<script>never ends <p>a", "script()"),
        ("<p title='never ends>a", ""),
    ],
)
def test_nesting_is_that_of_browsers(page, expected):
    found = tree(page)
    assert found == expected or (expected == "" and "'" not in found)


def test_states_say_what_a_text_stands_in():
    tokens = tokenize(
        to_source("<nav><a href=/>x</a><a name=y>z</a></nav><div hidden><pre> a </pre></div><p> b <i>c</i>")
    )
    states = {text_of(tokens, row): row[STATES] for row in tokens.table[:-1] if row[KIND] == TEXT}
    assert states["x"] & tags.LINK
    assert states["x"] & tags.NAVIGATION
    assert not states["z"] & tags.LINK
    assert states[" a "] & tags.HIDDEN
    assert states[" a "] & tags.PREFORMATTED
    assert states["c"] & tags.EMPHASIS
    assert states["c"] & tags.SPACE


@pytest.mark.parametrize("style", ["display:none", "color:red; DISPLAY: none", "visibility: hidden"])
def test_styles_that_hide(style):
    tokens = tokenize(to_source(f'<p style="{style.replace("DISPLAY", "display")}">a'))
    assert tokens.table[1, STATES] & tags.HIDDEN


def test_names_are_split_into_words():
    def words(page: str) -> set[int]:
        return set(tokenize(to_source(page)).words.tolist())

    assert words("<p class='postBody'>") == words('<p id="post_body">') == words("<p class=post-body>")
    assert len(words("<p class=postBody>")) == 3
    assert words("<p class='nav post-123'>") == words("<p class='post-77 nav'>")
    assert words("<p role=main>") != words("<p class=main>")


def test_real_pages_have_the_texts_that_another_parser_finds(real_pages):
    same = total = 0
    for page in real_pages:
        tokens = tokenize(to_source(page.html))
        assert_sound(tokens)
        ours = Counter(
            split_words(
                html_module.unescape(
                    " ".join(
                        text_of(tokens, row)
                        for row in tokens.table[:-1]
                        if row[KIND] == TEXT and not row[STATES] & (tags.IGNORED | tags.NOSCRIPT)
                    )
                )
            )
        )
        body = HTMLTree.parse(page.html).body
        assert body is not None
        for element in body.query_selector_all(
            "script, style, noscript, title, select, svg, textarea, template, iframe"
        ):
            element.decompose()
        theirs = Counter(split_words(body.text))
        same += (ours & theirs).total()
        total += max(ours.total(), theirs.total())
    assert same > 0.95 * total  # The other parser puts nothing between cells.


TAGS = [f"<{slash}{name}>" for name in NAMES[1:] for slash in ("", "/")]
PIECES = [
    "a",
    " b ",
    "<a href=x",
    "<p class='y",
    "<!--",
    "-->",
    "<",
    ">",
    "</",
    "&amp;",
    "<x",
    "\0",
    "\ud800",
    "字",
    "<?",
]
MARKS = ["<![CDATA[", '"', "'", "=", "<!", "/>"]
FRAGMENTS = st.sampled_from(TAGS + PIECES + MARKS)


@given(st.lists(FRAGMENTS, max_size=60))
def test_any_page_has_sound_tokens(parts):
    assert_sound(tokenize(to_source("".join(parts))))


@given(st.text(max_size=300))
def test_any_text_has_sound_tokens(text):
    assert_sound(tokenize(to_source(text)))


def test_spliced_and_truncated_real_pages_have_sound_tokens(real_pages):
    random = np.random.default_rng(0)
    for first, second in zip(real_pages[::5], real_pages[2::5], strict=False):
        one, two = random.integers(0, len(first.html)), random.integers(0, len(second.html))
        assert_sound(tokenize(to_source(first.html[:one] + second.html[two:])))


@pytest.mark.parametrize(
    "unit", ["<div>", "<b>", "<p><ul><li>", "<table><tr><td>", "<a href=x><svg>", "</div>", "<x", "<!--"]
)
def test_hostile_pages_take_tokens_in_proportion(unit):
    tokens = tokenize(to_source(unit * 200_000))
    assert len(tokens) <= 4 * unit.count("<") * 200_000 + 2
    assert tokens.table[:-1, NUMBER].max(initial=0) < len(NAMES)
    assert TAG["div"] == NAMES.index("div")


def test_what_follows_the_most_tokens_of_a_page_is_left_out():
    page = "<p>first<table>" + "<td>x" * (MOST_TOKENS // 2)
    tokens = tokenize(to_source(page + "<p>last"))
    assert MOST_TOKENS <= len(tokens) <= MOST_TOKENS + 2 * DEPTH
    assert text_of(tokens, tokens.table[1]) == "first"
    assert tokens.table[tokens.table[:, KIND] == TEXT, END].max() < len(page)
    assert (tokens.table[:-1, KIND] == OPEN).sum() == (tokens.table[:-1, KIND] == CLOSE).sum()
