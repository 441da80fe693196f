"""The reading order: hosts divide it without overlap, and a loader goes on anywhere, with another number of hosts."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.packing.fill import Texts
from filters.packing.rows import Documents, packed_rows
from filters.packing.window import pack_window
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.mix.reading import PackedStage, host_indices
from schemas.packed_shard import PackedFacts, packed_schema
from schemas.recipe.write import WriteSettings

FACTS = PackedFacts("core", 16, 1000, 0, None, 2, 0, "best-fit", "f" * 32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """53 sequences in files of 20, in row groups of 7."""
    out = tmp_path_factory.mktemp("packed")
    lengths = np.full(53, 15)
    schema = packed_schema(FACTS)
    texts = Texts(np.repeat(np.arange(53), 15).astype(np.uint16), np.arange(53) * 15, lengths)
    names = pa.array([str(number) for number in range(53)])
    documents = Documents(texts, names, pa.array(["web"] * 53), np.zeros(53, np.int64))
    packing = pack_window(lengths + 1, np.arange(53, dtype=np.uint64), "concatenate", 16)
    for file, start in enumerate(range(0, 53, 20)):
        with ShardWriter(f"{out}/{file:05d}.parquet", f"{file:05d}", schema, WriteSettings()) as writer:
            for first in range(start, min(53, start + 20), 7):
                some = packing.part(first, min(53, start + 20, first + 7))
                writer.write(packed_rows(documents, some, first, schema, FACTS))
                writer.end_row_group()
    return out


def read(stage: PackedStage, **where: int) -> list[int]:
    """The indices that a host reads; each sequence says its own."""
    found = []
    for batch in stage.rows(**where):
        assert [tokens[0] for tokens in batch.column("tokens").to_pylist()] == batch.column("index").to_pylist()
        found += batch.column("index").to_pylist()
    return found


@pytest.mark.parametrize("hosts", [1, 2, 4, 60])
def test_hosts_read_every_sequence_once(folder, hosts):
    stage = PackedStage(str(folder))
    assert (stage.sequences, stage.facts) == (53, FACTS)
    each = [read(stage, host=host, hosts=hosts) for host in range(hosts)]
    assert sorted(index for some in each for index in some) == list(range(53))
    assert all(indices == list(range(host, 53, hosts)) for host, indices in enumerate(each))


@pytest.mark.parametrize(("before", "after"), [(4, 4), (4, 3), (2, 8)])
def test_a_run_that_was_stopped_goes_on_with_any_number_of_hosts(folder, before, after):
    stage, steps = PackedStage(str(folder)), 5
    first = [read(stage, host=host, hosts=before)[:steps] for host in range(before)]
    rest = [read(stage, start=steps * before, host=host, hosts=after) for host in range(after)]
    assert sorted(index for some in first + rest for index in some) == list(range(53))


@given(st.integers(0, 200), st.integers(1, 9), st.integers(0, 200))
def test_a_step_reads_the_same_sequences_on_any_number_of_hosts(sequences, hosts, start):
    start = min(start, sequences)
    each = [host_indices(sequences, start=start, host=host, hosts=hosts) for host in range(hosts)]
    assert sorted(index for some in each for index in some) == list(range(start, sequences))
    for step in range(min(map(len, each))):
        assert [some[step] for some in each] == list(range(start + step * hosts, start + (step + 1) * hosts))


def test_single_sequences_are_found_by_index(folder):
    stage = PackedStage(str(folder))
    for index in (52, 0, 19, 20, 27):
        assert stage.row(index).column("index").to_pylist() == [index]
    with pytest.raises(IndexError, match="0 to 52"):
        stage.row(53)


def test_a_missing_file_is_an_error(folder, tmp_path):
    (tmp_path / "00000.parquet").write_bytes((folder / "00000.parquet").read_bytes())
    (tmp_path / "00002.parquet").write_bytes((folder / "00002.parquet").read_bytes())
    with pytest.raises(ValueError, match=r"00002.parquet: begins with sequence 40, but 20 is next: a file is missing"):
        PackedStage(str(tmp_path))
    with pytest.raises(FileNotFoundError, match="packed/<stage>"):
        PackedStage(str(tmp_path / "nothing"))


@pytest.mark.parametrize(("host", "hosts", "start"), [(4, 4, 0), (-1, 2, 0), (0, 1, 54), (0, 1, -1)])
def test_hosts_and_places_that_there_are_not_are_refused(host, hosts, start):
    with pytest.raises(ValueError, match=r"hosts are counted from 0|has sequences 0 to 52"):
        host_indices(53, start=start, host=host, hosts=hosts)
