"""Title, author, day, site, language and address of a page, from its tokens: ``read.py`` is the way in, ``elements.py``
finds what may hold them, ``titles.py``, ``authors.py`` and ``days.py`` choose. No language's words but those that
authors of HTML use for classes ("byline", "author"), and the names of months, which are the Unicode CLDR's.
"""
