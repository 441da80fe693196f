"""Texts as integer arrays: lines and words, split once for all rules.

`words` and `lines` split, `vocabulary` keeps the facts of each distinct word, `kernels` count over the arrays.
"""
