"""What a run prints to be pasted does run in a shell."""

import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.demo.queries import duckdb_command


def test_a_command_that_is_pasted_asks_duckdb(tmp_path: Path):
    pq.write_table(
        pa.table({"uri": ["https://a.example/"], "verdict": [{"rule": "c4.sentences"}]}), tmp_path / "a.parquet"
    )
    command = duckdb_command(f'FROM "{tmp_path}/*.parquet" SELECT uri, verdict')
    assert "c4.sentences" in subprocess.check_output(command, shell=True, text=True)
