"""Input that every machine has: the documentation of Python and its packages, as web pages in WARC files.

Hundreds of real pages with navigation, tables, formulas and near-duplicates, rendered by `pydoc` without a network.
"""
