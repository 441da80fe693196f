"""Input that every machine has: the documentation of Python and its packages, as web pages in WARC files.

Hundreds of real pages with navigation, tables, formulas and near-duplicates, rendered by `pydoc` without a network.
"""

from pathlib import Path

DOCUMENTATION = Path(__file__).with_name("documentation.yaml")
"""The recipe that the demo runs."""
