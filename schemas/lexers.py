"""The names of the ways to split a text into words that a recipe may ask for."""

from typing import Literal

Lexer = Literal[
    "spacy-en",
    "spacy-de",
    "spacy-es",
    "spacy-fr",
    "spacy-it",
    "spacy-nl",
    "spacy-pt",
    "uax29",
    "whitespace",
]
"""``spacy-<language>``: spaCy's rules, as datatrove uses; ``uax29``: Unicode word boundaries, as DCLM uses
(https://unicode.org/reports/tr29/); ``whitespace``: runs of characters that are not white space."""
