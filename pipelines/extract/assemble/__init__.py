"""Kept blocks back to text: ``text.py`` to lines of plain text, ``markdown.py`` to Markdown. Both read tokens and
blocks, neither decides what is kept.
"""
