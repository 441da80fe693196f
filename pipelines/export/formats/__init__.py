"""The formats, one file each; `pipelines.export.registry` knows their names.

A format with a package of its own imports it when it writes, and says which extra it comes with.
"""
