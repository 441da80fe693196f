"""The article of a page that scripts make: its text stands in no element, but in the page's data.

Source: ``articleBody`` (https://schema.org/articleBody) in JSON-LD or other JSON of ``<script>`` elements.
"""

import json
from collections.abc import Iterator

import numpy as np

from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import END, KIND, MATCH, NUMBER, OPEN, START, Tokens
from pipelines.extract.metadata.linked_data import without_wrapping

LITTLE = 500
"""Characters of a page's own text, from which on its data are not looked at."""
TIMES = 4
"""So many times as long as the page's own text an article has to be to take its place: what merely sums up the page, or
repeats it, does not."""
LEAST = 200
"""Characters of an article."""
MAX_JSON = 4_000_000
"""Bytes; longer data are not read."""
MOST_VALUES = 100_000
"""Of all data of a page."""
KEY = "articleBody"
SCRIPT = TAG["script"]


def find_article(tokens: Tokens, text: str) -> str:
    """The article in the data of a page as HTML, if it has ``text`` for its own; empty where there is none, or the
    page's own text is not much shorter. Raises nothing."""
    if len(text) >= LITTLE:
        return ""
    article = max(_articles(tokens), key=len, default="")
    if len(article) < max(LEAST, TIMES * len(text)):
        return ""
    return article if "<" in article else article.replace("\n", "<p>")


def _articles(tokens: Tokens) -> Iterator[str]:
    left = MOST_VALUES
    for script in _scripts(tokens):
        try:
            waiting: list[object] = [json.loads(without_wrapping(script), strict=False)]
        except (ValueError, RecursionError):  # often no JSON, sometimes nested to break parsers
            continue
        while waiting and left > 0:
            left -= 1
            value = waiting.pop()
            if isinstance(value, dict):
                if isinstance(value.get(KEY), str):
                    yield value[KEY]
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value


def _scripts(tokens: Tokens) -> Iterator[str]:
    """The contents of scripts that may hold an article."""
    table = tokens.table[:-1]
    for token in np.flatnonzero((table[:, KIND] == OPEN) & (table[:, NUMBER] == SCRIPT)).tolist():
        start, end = table[token, END], table[table[token, MATCH], START]
        if LEAST < end - start <= MAX_JSON:
            content = tokens.source[start:end].tobytes()
            if KEY.encode() in content:
                yield content.decode("utf-8", "replace")
