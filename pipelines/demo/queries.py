"""What to ask of a run first: shell commands that work when they are pasted."""

import os
import shlex
import sys
from pathlib import Path

from pipelines.engine.outputs.files import join

WHY_DROPPED = """
SELECT verdict.rule, count(*) AS pages, any_value(verdict.bound) AS bound, median(verdict.value) AS median_value
FROM "{dropped}" GROUP BY verdict.rule ORDER BY pages DESC
"""

LONGEST_KEPT = """
SELECT uri, title, round(language_score, 2) AS language_score, length(text) AS characters
FROM "{kept}" ORDER BY characters DESC, uri LIMIT 10
"""


def duckdb_commands(out: str) -> list[str]:
    """Two shell commands that ask DuckDB about the run in the folder ``out``."""
    files = {kind: join(out, kind, "*.parquet") for kind in ("kept", "dropped")}
    return [duckdb_command(query.format(**files)) for query in (WHY_DROPPED, LONGEST_KEPT)]


def duckdb_command(query: str) -> str:
    """A shell command that shows what a query finds: DuckDB's wheel brings no program, so Python runs it."""
    python = Path(sys.executable)
    here = Path.cwd()
    shown = os.fspath(python.relative_to(here) if python.is_relative_to(here) else python)
    return shlex.join([shown, "-c", f'import duckdb; duckdb.sql("""{query}""").show()'])
