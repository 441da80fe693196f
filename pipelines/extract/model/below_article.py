"""Readers' comments below an article, which the model takes for content: long ones read like the article itself.

They are told by markup, as trafilatura and readability tell them: everything in an element that its author calls a
comment, or comments. Not so where the discussion is what the page is about: in a forum, which says so in the names of
the elements around, or where little stands before the comments.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from filters.kernel import inlined, kernel, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.attribute_words import Words, word_hash
from pipelines.extract.blocks.blocks import CONTAINER, COUNTED, Blocks, BlockTable
from pipelines.extract.blocks.tags import FACTS
from pipelines.extract.blocks.text_measures import WORDS as WORD_COUNT
from pipelines.extract.blocks.tokens import DEPTH, NUMBER, PARENT, WORDS, Table, Tokens
from pipelines.extract.comments import BODY, HTML, MAIN, NAMES

Marks = npt.NDArray[np.bool_]
States = npt.NDArray[np.int8]

DISCUSSIONS: Final = (
    "forum", "forums", "topic", "thread", "threads", "discussion", "discussions", "question", "questions",
    "message", "messages", "replies",
    "commentarea", "comment-tree",
)  # fmt: skip
"""What forums call themselves and their parts; the last two are Reddit's and Hacker News'."""
ARTICLE_WORDS: Final = 50
"""That are kept before the comments, for them to be comments on it."""
UNKNOWN, OUTSIDE, DISCUSSION, COMMENTS, REPLIES = range(5)
"""What an element is in: nothing of the kind, a discussion, comments, comments that are in a discussion."""

SECTION_KEYS: Final = np.array(sorted(word_hash(name) for name in NAMES if name not in DISCUSSIONS), np.uint32)
DISCUSSION_KEYS: Final = np.array(sorted(map(word_hash, DISCUSSIONS)), np.uint32)


def comments_below(tokens: Tokens, blocks: Blocks, keep: Marks) -> Marks:
    """bool[blocks]: those of ``keep`` (bool[blocks]) that are readers' comments below an article.

    None in a discussion, with less than ARTICLE_WORDS kept words before, or with more behind than before: a chapter
    about comments is called so too.
    """
    return _comments_below((tokens.table, tokens.words), blocks.table, keep)


@kernel
def _comments_below(tokens: tuple[Table, Words], blocks: BlockTable, keep: Marks) -> Marks:
    table, words = tokens
    result = np.zeros(len(blocks), np.bool_)
    states = np.zeros(len(table), np.int8)
    path = np.empty(DEPTH + 1, np.int32)
    before, behind, found = 0, 0, False
    for block in np.flatnonzero(keep):
        state = _state(table, words, blocks[block, CONTAINER], states, path)
        if state == REPLIES:
            return np.zeros(len(blocks), np.bool_)
        count = blocks[block, COUNTED + WORD_COUNT]
        if state == COMMENTS:
            result[block] = found = True
        elif found:
            behind += count
        else:
            before += count
    if before < max(behind, ARTICLE_WORDS):
        result[:] = False
    return result


@leaf
def _state(table: Table, words: Words, element: int, states: States, path: npt.NDArray[np.int32]) -> int:
    """What an element (-1: the root) is in, itself included; ``states`` has what is known of others, and gets it."""
    depth = 0
    while element >= 0 and states[element] == UNKNOWN:
        path[depth] = element
        depth += 1
        element = table[element, PARENT]
    state = int(states[element]) if element >= 0 else OUTSIDE
    while depth > 0:
        depth -= 1
        inner = path[depth]
        if state in (OUTSIDE, DISCUSSION):  # within comments, names are their own: "comment even thread-even"
            if _is_called(table, words, inner, DISCUSSION_KEYS):
                state = DISCUSSION
            tag = table[inner, NUMBER]
            is_part = FACTS[tag] & tags.BLOCK != 0 and tag not in (HTML, BODY, MAIN)
            if is_part and _is_called(table, words, inner, SECTION_KEYS):
                state = REPLIES if state == DISCUSSION else COMMENTS
        states[inner] = state
    return state


@inlined
def _is_called(table: Table, words: Words, element: int, keys: Words) -> bool:
    """Whether one of the words of an element is among the ``keys``, which rise."""
    for word in range(table[element, WORDS], table[element + 1, WORDS]):
        place = np.searchsorted(keys, words[word])
        if place < len(keys) and keys[place] == words[word]:
            return True
    return False
