"""Hostile pages for the engine ``orchard``: ``pages.py`` makes them, ``check.py`` says what must hold of any page,
``guided.py`` searches for more, guided by which branches of the code a page reaches. ``make fuzz`` does it with random
pages and checks the bounds of every array.
"""
