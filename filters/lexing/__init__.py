"""Texts as integer arrays: words and lines, split once for all rules.

`words` and `lines` split; `chunks`, `english_words`, `unicode_words` and `spacy_words` know how; `vocabulary` keeps the
facts of each distinct word, `hashed_words` tells words apart across documents without one; `per_document` sums over
documents; `concatenation` and `punctuation` are facts on text, `characters` those of characters.
"""
