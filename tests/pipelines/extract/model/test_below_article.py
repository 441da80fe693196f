"""Readers' comments below an article, which a model takes for content."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.features.stems import page_words
from pipelines.extract.model.below_article import ARTICLE_WORDS, comments_below
from pipelines.extract.model.keep import keep_blocks

WORDS = [f"word{number}" for number in range(ARTICLE_WORDS)]
ARTICLE = f"<article><p>{' '.join(WORDS[:-1])}</p><p>{WORDS[-1]}</p></article>"
SAID = "<p>I have read this twice.</p><p>So have I.</p>"
COMMENTS = f"<div id=comments>{SAID}</div>"


def below(html: str, *out: int) -> list[int]:
    """The numbers of the comments among all blocks of a page, but those that the model leaves ``out``."""
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens)
    keep = ~np.isin(np.arange(len(blocks)), out)
    return np.flatnonzero(comments_below(tokens, blocks, keep)).tolist()


@pytest.mark.parametrize(
    "section",
    [
        "<div id=comments>{}</div>",
        '<section class="entry-comments box">{}</section>',
        "<ol class=commentList>{}</ol>",
        "<div id=art-komentarze>{}</div>",
        "<ol class=commentlist><li class='comment even thread-even depth-1'>{}</ol>",
        "<div class=comments><div class=message><div class=replies>{}</div></div></div>",
    ],
)
def test_what_stands_in_an_element_called_so(section: str) -> None:
    assert below(ARTICLE + section.format(SAID)) == [2, 3]
    assert below(ARTICLE + section.format(SAID) + "<p>A last word.") == [2, 3]
    assert below((ARTICLE + section.format(SAID)).replace("omment", "ompany").replace("omentarz", "ompani")) == []


def test_only_what_is_kept() -> None:
    assert below(ARTICLE + COMMENTS, 2) == [3]
    assert below(ARTICLE + COMMENTS, 2, 3) == []


@pytest.mark.parametrize("name", ["forum", "topicView", "thread", "discussion", "question", "messages", "replies"])
def test_not_in_a_forum(name: str) -> None:
    assert below(f"<body class={name}>{ARTICLE}{COMMENTS}") == []
    assert below(f"<div id={name}>{ARTICLE}<div>{COMMENTS}</div></div>") == []
    assert below(f'{ARTICLE}<div class="{name} comments">{SAID}</div>') == []


def test_a_forum_s_section_makes_the_page_one() -> None:
    assert below(f"{ARTICLE}{COMMENTS}<div class=thread><p class=comment>Another.</div>") == []
    assert below(f"<div class=thread>{ARTICLE}</div>{COMMENTS}") == [2, 3]


def test_reddit_and_hacker_news_are_discussions() -> None:
    assert below(f'{ARTICLE}<div class="commentarea"><div class="comment">{SAID}</div></div>') == []
    assert below(f'{ARTICLE}<table class="comment-tree"><tr><td><div class="comment">{SAID}</div></table>') == []


def test_comments_need_an_article_before_them() -> None:
    assert below(ARTICLE + COMMENTS, 1) == []
    assert below(COMMENTS + ARTICLE) == []
    assert below(f"<div class=comments-open>{ARTICLE}{COMMENTS}</div>") == []
    assert below(f"<body class=comments-open><main class=comments>{ARTICLE}{COMMENTS}</main>") == [2, 3]


def test_a_chapter_about_comments_has_more_behind_it() -> None:
    html = f"{ARTICLE}<section id=how-to-write-comments>{SAID}</section>"
    assert below(html + ARTICLE) == [2, 3]
    assert below(f"{html}{ARTICLE}<p>And so on.") == []


def test_a_word_in_a_line_is_no_section() -> None:
    assert below(f"{ARTICLE}<p>See the <span class=comments>comments</span>") == []


def test_the_text_is_without_them() -> None:
    tokens = tokenize(to_source(ARTICLE + COMMENTS))
    blocks = find_blocks(tokens)
    words = page_words(tokens.source, tokens.table, blocks.table)
    probability = np.full(len(blocks), 0.9, np.float32)
    keep, _, _ = keep_blocks(tokens, blocks, words, probability)
    assert keep.tolist() == [True, True, False, False]


PARTS = ("<div class=comments>", "<div id=thread>", "</div>", "<p class=comment>", "<p>a b c", ARTICLE)


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.integers(0, 2**16))
def test_any_page_has_comments_among_what_is_kept_and_something_before(parts: list[str], seed: int) -> None:
    tokens = tokenize(to_source("".join(parts)))
    blocks = find_blocks(tokens)
    keep = np.random.default_rng(seed).random(len(blocks)) < 0.8
    found = comments_below(tokens, blocks, keep)
    assert not (found & ~keep).any()
    if found.any():
        first = np.flatnonzero(found)[0]
        assert keep[:first].any()
        assert "comment" in "".join(parts)


def test_nesting_without_end() -> None:
    assert below(ARTICLE + "<div class=comments>" * 3000 + SAID) == [2, 3]
    assert below(ARTICLE + "<div>" * 3000 + COMMENTS) == []
