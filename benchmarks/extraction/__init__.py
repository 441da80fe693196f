"""Parts of ``benchmarks/extract.py``: the engines that are compared (``contenders.py``), what they find on labelled
pages and what it costs (``measure.py``), tables by group (``tables.py``), what goes wrong (``causes.py``), cost against
size and nesting (``growth.py``), two engines together (``combine.py``), the sandbox's overhead (``overhead.py``).
"""
