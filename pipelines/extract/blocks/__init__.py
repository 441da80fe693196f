"""A page as arrays: ``parse.py`` makes bytes of it, ``tokens.py`` tags and texts with their nesting, ``blocks.py`` the
paragraphs, cells and items that text falls into, ``features.py`` what a classifier looks at.
All in one pass each, linear in the page, without a tree of objects.
"""
