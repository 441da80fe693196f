"""Packed sequences for JAX, as NumPy arrays: any host of any number, from any sequence on, documents kept apart.

for state, batch in batches("mixed/packed/core", 8, start=state, host=process_index(), hosts=process_count()):
    train(jax.device_put(batch), attends(batch["input_segment_ids"]))
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from filters.packing.labels import matrix, next_tokens
from filters.packing.positions import position_ids, segment_ids
from pipelines.mix.reading import PackedStage


def batches(
    folder: str, batch_size: int, *, start: int = 0, host: int = 0, hosts: int = 1
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Batches of a host (int32[batch_size, sequence_length]), each with the ``start`` that goes on after it."""
    stage, step = PackedStage(folder), batch_size * hosts
    for first in range(start, stage.sequences - step + 1, step):
        rows = pa.concat_batches([stage.row(index) for index in range(first + host, first + step, hosts)])
        tokens, segments = matrix(rows.column("tokens")), segment_ids(rows, stage.facts.sequence_length)
        yield (
            first + step,
            {
                "input_ids": tokens.astype(np.int32),
                "target_labels": next_tokens(tokens, segments),
                "input_segment_ids": segments,
                "input_positions": position_ids(rows, stage.facts.sequence_length),
            },
        )


def attends(segments: np.ndarray) -> np.ndarray:
    """bool[batch, 1, query, key]: a token attends to those before it in the same document, and padding to nothing."""
    same = (segments[:, :, None] == segments[:, None, :]) & (segments > 0)[:, :, None]
    return np.tril(same)[:, None]
