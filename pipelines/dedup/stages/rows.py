"""The documents of a shard that no comparison so far has dropped."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from pipelines.dedup.outcomes import ShardState
from pipelines.dedup.setting import Setting
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_count
from pipelines.engine.shard import Shard


def alive_rows(
    setting: Setting, layout: Layout, shard: Shard, columns: list[str], before: str
) -> Iterator[tuple[pa.RecordBatch, np.ndarray, ShardState]]:
    """Signatures of the documents that are alive before a comparison, a row group at a time.

    With each batch go the rows of the shard (int64) that it holds, and the state of the shard.
    """
    state = setting.state(layout, shard, row_count(setting.corpus.signatures_uri(layout, shard)), before)
    start = 0
    for group in setting.signatures(layout, shard, columns):
        rows = start + np.flatnonzero(state.alive[start : start + group.num_rows])
        yield group.take(pa.array(rows - start)), rows, state
        start += group.num_rows
