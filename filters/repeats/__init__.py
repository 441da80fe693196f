"""Text repeated across documents, found exactly in bounded memory, and cut.

`lines` finds lines and paragraphs, `substrings` runs of words by `winnowing` and `windows`, `edit` cuts both. A pass
turns documents into rows of an exchange (fewer after `combine`), or a bucket of rows into a result; nothing does I/O.
"""
