"""Duplicates by key: documents that agree in something exactly, and which of them survives.

`keys` of addresses and texts, `order` of survivors, `groups` of equal keys.
"""
