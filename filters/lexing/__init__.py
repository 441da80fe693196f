"""Texts as integer arrays: words and lines, split once for all rules.

`words` and `lines` split; `chunks`, `english_words`, `unicode_words` and `spacy_words` know how; `normal_words` are words as
compared across documents; `vocabulary` keeps the facts of each distinct word; `per_document` sums over documents;
`concatenation` and `punctuation` are facts on text.
"""
