"""Clusters from edge files to component files: both methods against SciPy, in any memory; nothing left behind."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filters.clusters.nodes import UnknownNodeError
from pipelines.dedup.components import write_components
from pipelines.dedup.edge_files import SCHEMA, EdgeFileError
from pipelines.dedup.spill import PairFile
from pipelines.engine.outputs.files import OutputError
from tests.filters.clusters.graphs import NODES, components, graphs, spread

PAIR_BYTES = 64
"""Memory that star rounds count for each pair."""


def write_edges(path, first, second):
    table = pa.table([pa.array(first, pa.uint64()), pa.array(second, pa.uint64())], schema=SCHEMA)
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=7)
    else:
        with pa.ipc.new_file(path, SCHEMA) as writer:
            writer.write_table(table, max_chunksize=1_000)
    return str(path)


def run(folder, edges, shards, **options):
    outputs = [str(folder / f"components-{shard}.parquet") for shard in range(len(shards))]
    counts = write_components(edges, np.array(shards), outputs, spill=folder / "spill", **options)
    spill = folder / "spill"
    assert not spill.exists() or not list(spill.iterdir())
    found = {}
    for shard, output in enumerate(outputs):
        table = pq.read_table(output)
        rows = table["row"].to_numpy().astype(np.int64)
        assert np.all(np.diff(rows) > 0)
        found.update(zip(((shard << 32) | rows).tolist(), table["component"].to_pylist(), strict=True))
    assert counts.members == len(found)
    assert counts.components == len(set(found.values()))
    return counts, found


def expected(first, second, shards):
    dense = components(first, second, sum(shards))
    return dict(zip(spread(list(dense), shards).tolist(), spread(list(dense.values()), shards).tolist(), strict=True))


METHODS = [
    {},
    {"union_find_nodes": 0},
    {"union_find_nodes": 0, "memory_bytes": 5 * PAIR_BYTES},
    {"union_find_nodes": 0, "memory_bytes": 80 * PAIR_BYTES},
]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs(), extra=st.lists(st.integers(0, 9), max_size=3))
def test_both_methods_give_scipy_s_components(tmp_path, graph, extra):
    shards = [*extra, 15, 0, NODES]
    first, second = (spread(end, shards) for end in graph)
    half = len(first) // 2
    edges = [
        write_edges(tmp_path / "a.parquet", first[:half], second[:half]),
        write_edges(tmp_path / "b.arrow", second[half:], first[half:]),
    ]
    for options in METHODS:
        counts, found = run(tmp_path, edges, shards, **options)
        assert found == expected(*graph, shards)
        assert counts.edges == len(first)
        assert counts.method == ("star rounds" if options else "union-find")


def test_star_rounds_equal_union_find_on_a_skewed_graph_in_many_buckets(tmp_path):
    generator = np.random.default_rng(3)
    shards = [0, 30_000, 1, 40_000, 29_999]
    first = (generator.pareto(0.5, 80_000) * 10).astype(np.int64) % 100_000
    second = generator.permutation(80_000)
    chain = np.arange(90_000, 95_000)
    first, second = np.concatenate([first, chain[:-1]]), np.concatenate([second, chain[1:]])
    edges = [write_edges(tmp_path / "edges.parquet", spread(first, shards), spread(second, shards))]
    _, found = run(tmp_path, edges, shards)
    assert found == expected(first, second, shards)
    counts, by_rounds = run(tmp_path, edges, shards, union_find_nodes=0, memory_bytes=5_000 * PAIR_BYTES)
    assert by_rounds == found
    assert counts.rounds <= 15


def test_a_chain_of_200_000_ends_after_few_rounds(tmp_path):
    nodes = np.arange(200_000)
    edges = [write_edges(tmp_path / "chain.arrow", nodes[:-1], nodes[1:])]
    counts, found = run(tmp_path, edges, [200_000], union_find_nodes=0, memory_bytes=1 << 24)
    assert counts.rounds <= 20
    assert (counts.members, counts.components, set(found.values())) == (200_000, 1, {0})


def test_no_edges_give_empty_files(tmp_path):
    for options in METHODS:
        counts, found = run(tmp_path, [], [3, 0], **options)
        assert (counts.edges, found) == (0, {})
        assert pq.read_schema(tmp_path / "components-1.parquet").names == ["row", "component"]


@pytest.mark.parametrize("options", METHODS[:2])
def test_an_edge_to_an_unknown_document_leaves_nothing_behind(tmp_path, options):
    edges = [write_edges(tmp_path / "edges.arrow", [0], [9])]
    with pytest.raises(UnknownNodeError, match="row 9 of shard 0"):
        run(tmp_path, edges, [9], **options)
    assert not list(tmp_path.glob("components*"))
    assert not list(tmp_path.glob("spill/*"))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"first": pa.array([1], pa.uint64())}), "second is no such column"),
        (pa.table({"first": pa.array([1], pa.int64()), "second": pa.array([1], pa.uint64())}), "first is int64"),
        (pa.table({"first": pa.array([1], pa.uint64()), "second": pa.array([None], pa.uint64())}), "1 nulls"),
    ],
)
def test_a_file_without_edges_is_refused_by_name(tmp_path, table, message):
    pq.write_table(table, tmp_path / "wrong.parquet")
    with pytest.raises(EdgeFileError, match=rf"wrong\.parquet: .*{message}"):
        run(tmp_path, [str(tmp_path / "wrong.parquet")], [5])


def test_each_shard_needs_an_output(tmp_path):
    with pytest.raises(ValueError, match="1 outputs for 2 shards"):
        write_components([], [1, 1], ["one"], spill=tmp_path)


def test_a_full_disk_is_told_with_the_way_out(tmp_path):
    file = PairFile(tmp_path / "missing", "pairs")
    with pytest.raises(OutputError, match=r"cannot write .*pairs.*\.tmp"):
        file.write(np.zeros(1, np.uint64), np.zeros(1, np.uint64))


def test_what_a_killed_process_left_is_removed(tmp_path):
    spill = tmp_path / "spill"
    spill.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (spill / f"edges-0000.{ended.pid}.tmp").write_bytes(b"half")
    edges = [write_edges(tmp_path / "edges.arrow", [0], [1])]
    _, found = run(tmp_path, edges, [2], union_find_nodes=0)
    assert found == {0: 0, 1: 0}
