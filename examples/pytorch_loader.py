"""Packed sequences for PyTorch: any host of any number, from any sequence on, documents kept apart in attention.

data = PackedSequences("mixed/packed/core", start=state, host=rank, hosts=world_size)
for step, batch in enumerate(DataLoader(data, batch_size=8, num_workers=2, drop_last=True), 1):
    train(batch, mask=attends(batch["segments"]))
    state_to_save = state + step * 8 * world_size
"""

import torch
from torch.utils.data import Dataset

from filters.packing.labels import matrix, next_tokens
from filters.packing.positions import position_ids, segment_ids
from pipelines.mix.reading import PackedStage, host_indices


class PackedSequences(Dataset):
    """The sequences that a host reads, each int64[sequence_length]: tokens, labels (-1: none), segments, positions."""

    def __init__(self, folder: str, start: int = 0, host: int = 0, hosts: int = 1) -> None:
        self.stage = PackedStage(folder)
        self.indices = host_indices(self.stage.sequences, start=start, host=host, hosts=hosts)

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, place: int) -> dict[str, torch.Tensor]:
        row, length = self.stage.row(self.indices[place]), self.stage.facts.sequence_length
        tokens, segments = matrix(row.column("tokens")), segment_ids(row, length)
        labels, positions = next_tokens(tokens, segments), position_ids(row, length)
        arrays = {"tokens": tokens, "labels": labels, "segments": segments, "positions": positions}
        return {name: torch.from_numpy(array[0].astype("int64")) for name, array in arrays.items()}


def attends(segments: torch.Tensor) -> torch.Tensor:
    """bool[batch, 1, query, key]: a token attends to those before it in the same document, and padding to nothing."""
    same = (segments[:, :, None] == segments[:, None, :]) & (segments > 0)[:, :, None]
    return torch.tril(same)[:, None]
