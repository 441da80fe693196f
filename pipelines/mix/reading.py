"""The reading order of packed shards, for data loaders: resumed at any sequence, divided among any number of hosts.

All that a loader has to remember is one number, the next index of the stage. All hosts share it: from there on host k
of n reads every n-th sequence, the k-th first. So a step of training reads the same sequences on any number of hosts,
and a run that was stopped goes on with other hosts, no sequence twice and none left out.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.packed_shard import PackedFacts, read_facts


@dataclass(frozen=True)
class RowGroup:
    """Where some sequences lie."""

    path: str
    number: int
    first_index: int
    rows: int


def host_indices(sequences: int, *, start: int = 0, host: int = 0, hosts: int = 1) -> range:
    """The indices that host ``host`` of ``hosts`` reads from ``start`` on, where a stage has so many sequences.

    Raises ValueError for a host or a start that there is not.
    """
    if not 0 <= host < hosts:
        raise ValueError(f"host {host} of {hosts}: hosts are counted from 0")
    if not 0 <= start <= sequences:
        raise ValueError(f"start {start}: the stage has sequences 0 to {sequences - 1}")
    return range(start + host, sequences, hosts)


class PackedStage:
    """The packed shards of a stage in their reading order. Memory: one row group."""

    def __init__(self, folder: str) -> None:
        """``folder`` is ``packed/<stage>`` of a run, local or not; reads the footers.

        Raises FileNotFoundError for a folder without shards, ValueError where one is missing or of another stage.
        """
        self._filesystem, path = fsspec.core.url_to_fs(folder.rstrip("/"))
        paths = sorted(str(found) for found in self._filesystem.glob(f"{path}/*.parquet"))
        if not paths:
            raise FileNotFoundError(f"{folder}: no *.parquet in it; give packed/<stage> of `orchard mix`")
        self.groups: list[RowGroup] = []
        facts: list[PackedFacts] = []
        index = 0
        for found in paths:
            with self._filesystem.open(found, "rb") as file, pq.ParquetFile(file) as parquet:
                facts.append(read_facts(parquet.schema_arrow))
                if facts[-1] != facts[0]:
                    raise ValueError(f"{found}: is of another mixture: {facts[-1]}, but {paths[0]}: {facts[0]}")
                self._check_first(parquet, found, index)
                for number in range(parquet.num_row_groups):
                    rows = parquet.metadata.row_group(number).num_rows
                    self.groups.append(RowGroup(found, number, index, rows))
                    index += rows
        self.facts = facts[0]
        """What all files say of themselves."""
        self.sequences = index
        self._starts = [group.first_index for group in self.groups]
        self._loaded: tuple[RowGroup, pa.RecordBatch] | None = None

    @staticmethod
    def _check_first(parquet: pq.ParquetFile, path: str, index: int) -> None:
        statistics = parquet.metadata.row_group(0).column(0).statistics
        if statistics is not None and statistics.min != index:
            raise ValueError(f"{path}: begins with sequence {statistics.min}, but {index} is next: a file is missing")

    def rows(self, *, start: int = 0, host: int = 0, hosts: int = 1) -> Iterator[pa.RecordBatch]:
        """The sequences of a host, a batch for each row group that has any; see `host_indices`."""
        indices = host_indices(self.sequences, start=start, host=host, hosts=hosts)
        place = 0
        while place < len(indices):
            group = self._group(indices[place])
            end = group.first_index + group.rows
            some = indices[place : place + len(range(indices[place], end, hosts))]
            yield self._load(group).take(pa.array(np.array(some) - group.first_index))
            place += len(some)

    def row(self, index: int) -> pa.RecordBatch:
        """One sequence; reading them in order is fast, since a row group is kept."""
        group = self._group(index)
        return self._load(group).slice(index - group.first_index, 1)

    def _group(self, index: int) -> RowGroup:
        if not 0 <= index < self.sequences:
            raise IndexError(f"sequence {index}: the stage has 0 to {self.sequences - 1}")
        return self.groups[bisect_right(self._starts, index) - 1]

    def _load(self, group: RowGroup) -> pa.RecordBatch:
        """The rows of a group; the last one is kept."""
        if self._loaded is None or self._loaded[0] != group:
            self._loaded = (group, self._read(group))
        return self._loaded[1]

    def _read(self, group: RowGroup) -> pa.RecordBatch:
        with self._filesystem.open(group.path, "rb") as file, pq.ParquetFile(file) as parquet:
            return parquet.read_row_group(group.number).combine_chunks().to_batches()[0]
