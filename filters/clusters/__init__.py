"""Clusters of duplicates: candidate edges out of equal band hashes, and connected components of such edges.

`edges` reduces one bucket of the exchange; `union_find` holds all nodes in memory, `star_rounds` works bucket by bucket
on any number of them. `pairs` sorts what all three work on.
"""
