"""Parts of ``benchmarks/extract.py``: the engines that are compared (``contenders.py``, ``folds.py``), what they find
on labelled pages and what it costs (``measure.py``, ``machine.py``), how right it is (``scores.py``), what is kept
between runs (``store.py``), tables (``tables.py``, ``standing.py``, ``grid.py``), what goes wrong (``causes.py``), the
report (``report.py``), progress (``watch.py``); cost against size and nesting (``growth.py``), two engines together
(``combine.py``), the sandbox's overhead (``overhead.py``).
"""
