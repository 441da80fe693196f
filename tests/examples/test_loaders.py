"""The example loaders resume anywhere, divide sequences among hosts without overlap, and keep documents apart."""

import pickle
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pytest

from pipelines.mix.reading import PackedStage
from tests.support.packed import facts_of, pack, random_documents, write_shards

BATCH, HOSTS, LENGTH = 3, 4, 64
Batches = Callable[[str, int, int], Iterator[tuple[int, dict[str, np.ndarray]]]]
"""Folder, start and host to the batches of that host of four, each with the state after it."""


def of_jax(folder: str, start: int, host: int) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    from examples.jax_loader import batches

    for state, batch in batches(folder, BATCH, start=start, host=host, hosts=HOSTS):
        yield state, {name: batch[key] for name, key in NAMES.items()}


def of_torch(folder: str, start: int, host: int) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    pytest.importorskip("torch", reason="PyTorch: in an environment of its own: pip install 'orchard[readers]'")
    from torch.utils.data import DataLoader

    from examples.pytorch_loader import PackedSequences

    loader = DataLoader(PackedSequences(folder, start, host, HOSTS), batch_size=BATCH, num_workers=0, drop_last=True)
    for step, batch in enumerate(loader, 1):
        yield start + step * BATCH * HOSTS, {name: batch[name].numpy() for name in NAMES}


NAMES = {
    "tokens": "input_ids", "labels": "target_labels", "segments": "input_segment_ids", "positions": "input_positions",
}  # fmt: skip


@pytest.fixture(params=[of_jax, of_torch])
def batches(request) -> Batches:
    return request.param


@pytest.fixture(scope="module")
def packed() -> pa.RecordBatch:
    rows = pack(random_documents(150, 100_000), facts_of(100_000))
    return rows.slice(0, rows.num_rows // (BATCH * HOSTS) * BATCH * HOSTS)


@pytest.fixture(scope="module")
def folder(packed, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("core")
    write_shards(packed, path, 3)
    return str(path)


def test_four_hosts_read_every_sequence_once(batches, folder, packed):
    expected = packed.column("tokens").to_pylist()
    read: list[list[int] | None] = [None] * len(expected)
    for host in range(HOSTS):
        place = host
        for _, batch in batches(folder, 0, host):
            for tokens in batch["tokens"].tolist():
                assert read[place] is None
                read[place] = tokens
                place += HOSTS
    assert read == expected


def test_a_loader_that_was_stopped_goes_on_where_it_was(batches, folder):
    whole = list(batches(folder, 0, 2))
    assert len(whole) > 4
    state = whole[2][0]
    rest = list(batches(folder, state, 2))
    assert [each[0] for each in rest] == [each[0] for each in whole[3:]]
    for resumed, expected in zip(rest, whole[3:], strict=True):
        for name in NAMES:
            assert (resumed[1][name] == expected[1][name]).all(), name


def test_workers_that_are_started_anew_read_the_same(folder, packed):
    pytest.importorskip("torch", reason="PyTorch: in an environment of its own: pip install 'orchard[readers]'")
    from torch.utils.data import DataLoader

    from examples.pytorch_loader import PackedSequences

    data = PackedSequences(folder, 5, 0, 1)
    loader = DataLoader(data, batch_size=BATCH, num_workers=2, multiprocessing_context="spawn")
    assert [row for batch in loader for row in batch["tokens"].tolist()] == packed.column("tokens").to_pylist()[5:]


def test_a_stage_goes_to_other_processes_and_reads_there(folder, packed):
    stage = PackedStage(folder)
    stage.row(3)
    again = pickle.loads(pickle.dumps(stage))
    assert again.row(7).column("tokens").to_pylist() == packed.column("tokens").to_pylist()[7:8]


def test_a_token_attends_to_its_own_document_only(batches, folder, packed):
    rows = packed.to_pylist()
    if batches is of_torch:
        torch = pytest.importorskip("torch", reason="PyTorch: pip install 'orchard[readers]'")
        from examples.pytorch_loader import attends
    else:
        torch = None
        from examples.jax_loader import attends
    _, batch = next(batches(folder, 0, 1))
    segments = torch.from_numpy(batch["segments"]) if torch else batch["segments"]
    mask = np.asarray(attends(segments))[:, 0]
    for number in range(BATCH):
        expected = np.zeros((LENGTH, LENGTH), bool)
        for segment in rows[1 + number * HOSTS]["segments"]:
            start, end = segment["start"], segment["start"] + segment["length"]
            expected[start:end, start:end] = np.tril(np.ones((end - start, end - start), bool))
            assert batch["positions"][number, start:end].tolist() == list(range(end - start))
            assert batch["labels"][number, end - 1] == -1
        assert (mask[number] == expected).all()
