"""The description in a page's head."""

import pytest

from pipelines.extract.blocks.description import find_description
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize


def description(html: str) -> str:
    tokens = tokenize(to_source(html))
    begin, end = find_description(tokens.source, tokens.table)
    return tokens.source[begin:end].tobytes().decode()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<meta name="description" content="Bread, and how">', "Bread, and how"),
        ("<META CONTENT='Grüße' NAME=Description>", "Grüße"),
        ('<meta property="og:description" content="a > b"><p>', "a > b"),
        ('<meta name="description" content=""><meta property=og:description content=second>', "second"),
        ('<meta name="keywords" content="no"><meta charset=utf-8>', ""),
        ('<p name="description" content="no">', ""),
        ('<meta name="description">', ""),
        ("", ""),
    ],
)
def test_the_first_description_with_words(html: str, found: str) -> None:
    assert description(html) == found
