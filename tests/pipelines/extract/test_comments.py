"""Readers' comments, told from the page."""

import numpy as np
import pytest

from pipelines.extract import extract_page
from pipelines.extract.assemble.text import to_text
from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.comments import find_comments
from pipelines.extract.engines.orchard import prepare
from schemas.recipe.extract import OrchardSettings

SENTENCE = "These are some words to read, and there are many more of them. "
ARTICLE = f"<article><h1>A headline</h1><p>{SENTENCE * 4}<p>{SENTENCE * 5}<p>{SENTENCE * 3}</article>"
FIRST = "I have read this twice, and the second time it was worse."
SECOND = "Nobody who has ever baked bread would say so, would they?"
LIST = (
    '<section id="comments"><h3>2 comments</h3><p>Comments are closed on Mondays, as everybody should know by now.</p>'
    f"<ol><li class=comment><b>Anna</b><div class=text><p>{FIRST}</p></div><a href=#r>Reply</a>"
    f"<li class=comment><b>Bob</b><div class=text><p>{SECOND}</p><p>Yes.</p></div><a href=#r>Reply</a></ol>"
    "<form><p>Leave a reply, and mind that your address is not published anywhere.</p></form></section>"
)


def comments(html: str, kept: str = "headline These") -> str:
    """Those of a page of which the blocks that begin with one of some words are content."""
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens)
    each = [np.arange(len(blocks)) == block for block in range(len(blocks))]
    keep = np.array([to_text(tokens, blocks, one).startswith(tuple(kept.split())) for one in each], np.bool_)
    return to_text(tokens, blocks, find_comments(tokens, blocks, keep))


def test_what_readers_wrote_without_what_stands_around_it() -> None:
    assert comments(ARTICLE + LIST) == f"{FIRST}\n{SECOND}\nYes."


@pytest.mark.parametrize(
    "item",
    [
        "<div class=kommentar>{}</div>",
        '<div itemprop="comment">{}</div>',
        '<div itemscope itemtype="https://schema.org/Comment">{}</div>',
        '<div itemscope itemtype="https://schema.org/UserComments" class=x>{}</div>',
    ],
)
def test_comments_by_their_markup(item: str) -> None:
    html = ARTICLE + item.format(f"<p>{FIRST}</p>") + item.format(f"<p>{SECOND}</p>")
    assert comments(html) == f"{FIRST}\n{SECOND}"
    assert comments(html.replace("omment", "ompany")) == ""


def test_a_discussion_that_a_page_is_about_is_no_comment() -> None:
    forum = f"<h1>A question</h1>{LIST}{LIST}"
    assert comments(forum, "I Nobody") == ""
    assert comments(f"<div class=comments-open>{ARTICLE}{LIST}</div>") == f"{FIRST}\n{SECOND}\nYes."


def test_code_is_not_commented() -> None:
    code = f'<pre><span class="comment">{FIRST}</span>\n<span class="comment">{SECOND}</span></pre>'
    assert comments(ARTICLE + code) == ""


def test_they_are_apart_from_the_text_unless_they_are_asked_for() -> None:
    page = extract_page((ARTICLE + LIST).encode())
    assert FIRST not in page.text
    assert page.comments == f"{FIRST}\n{SECOND}\nYes."
    kept = prepare(OrchardSettings(comments="keep", fallback="none"))(ARTICLE + LIST, None, None)
    assert kept.text == f"{page.text}\n{page.comments}"
    assert prepare(OrchardSettings(fallback="none"))(ARTICLE + LIST, None, None).text == page.text


def test_pages_without_anything() -> None:
    assert comments("") == ""
    assert comments("<div class=comments></div>") == ""
