"""The recipe: its model, and how it is read from YAML with overrides.

`model` is the whole, `read`, `extract`, `deduplicate` and `write` its parts; `load` reads one, the rest says what is
wrong with it.
"""
