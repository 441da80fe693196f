"""Duplicates across the documents of a corpus: found, joined to clusters, and all but one of each cluster dropped.

`components` joins candidate edges to clusters, in memory or by `star_rounds` on disk.
"""
