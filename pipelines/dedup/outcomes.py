"""What a comparison means for each document: a bucket writes outcomes, a shard reads those of its own documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.clusters.nodes import ROW_BITS

SCHEMA = pa.schema(
    [
        pa.field("node", pa.uint64(), nullable=False),
        pa.field("survivor_upper", pa.uint64(), nullable=False),
        pa.field("survivor_lower", pa.uint64(), nullable=False),
        pa.field("dropped", pa.bool_(), nullable=False),
        pa.field("similarity", pa.float64(), nullable=False),
        pa.field("partner_upper", pa.uint64(), nullable=False),
        pa.field("partner_lower", pa.uint64(), nullable=False),
        pa.field("partner_similarity", pa.float64(), nullable=False),
        pa.field("members", pa.list_(pa.uint64()), nullable=False),
    ]
)
"""One row a document whose fate changes.

It is dropped now (``dropped``), or it was dropped before for a document that is dropped now and has a new survivor, or
it is a survivor and has new ``members``: the nodes of all documents that were dropped for it in any step.
``similarity`` is that with the survivor; ``partner`` is the document that makes it a duplicate, the survivor as a rule.
"""

NO_MEMBERS = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class Group:
    """Documents that were compared, with the survivor of each: what an exchange bucket decides.

    All arrays have one entry a document: ``node``, ``upper``, ``lower`` (halves of ``doc_id``) uint64; ``earlier``
    bool, documents that stay whatever happens; ``members`` those dropped for it before. ``survivor`` and ``partner``
    int64 are positions; ``similarity`` and ``partner_similarity`` float64.
    """

    node: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    earlier: np.ndarray
    members: pa.ListArray
    survivor: np.ndarray
    similarity: np.ndarray
    partner: np.ndarray
    partner_similarity: np.ndarray


def outcomes(group: Group) -> pa.RecordBatch:
    """The rows of `SCHEMA` that a bucket's documents get."""
    positions = np.arange(len(group.node))
    dropped = np.flatnonzero((group.survivor != positions) & ~group.earlier)
    survivors = np.unique(group.survivor[dropped])
    parts = [_dropped(group, dropped), _redirected(group, dropped)]
    parts.append(_survivors(group, dropped, survivors[~group.earlier[survivors]]))
    return pa.Table.from_batches(parts, SCHEMA).combine_chunks().to_batches()[0] if len(dropped) else parts[0]


def _dropped(group: Group, rows: np.ndarray) -> pa.RecordBatch:
    return _batch(group, group.node[rows], rows, dropped=True)


def _redirected(group: Group, dropped: np.ndarray) -> pa.RecordBatch:
    """The documents that were dropped before in favour of those that are dropped now."""
    flat, counts = _flat(group.members, dropped)
    return _batch(group, flat, np.repeat(dropped, counts), dropped=False)


def _survivors(group: Group, dropped: np.ndarray, survivors: np.ndarray) -> pa.RecordBatch:
    """Survivors with their old members, those of the documents dropped for them, and these documents themselves."""
    involved = np.concatenate([survivors, dropped])
    flat, counts = _flat(group.members, involved)
    owners = np.concatenate([np.repeat(group.survivor[involved], counts), group.survivor[dropped]])
    members = np.concatenate([flat, group.node[dropped]])
    order = np.lexsort((members, owners))
    owners, members = owners[order], members[order]
    starts = np.searchsorted(owners, survivors)
    ends = np.searchsorted(owners, survivors, side="right")
    offsets = np.concatenate(([0], np.cumsum(ends - starts)))
    kept = np.concatenate([members[start:end] for start, end in zip(starts, ends, strict=True)] or [NO_MEMBERS])
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(kept))
    return _batch(group, group.node[survivors], survivors, dropped=False, members=lists)


def _batch(
    group: Group, nodes: np.ndarray, rows: np.ndarray, *, dropped: bool, members: pa.ListArray | None = None
) -> pa.RecordBatch:
    survivor, partner = group.survivor[rows], group.partner[rows]
    empty = pa.ListArray.from_arrays(pa.array(np.zeros(len(rows) + 1), pa.int32()), pa.array(NO_MEMBERS))
    columns = [
        pa.array(nodes),
        pa.array(group.upper[survivor]),
        pa.array(group.lower[survivor]),
        pa.array(np.full(len(rows), dropped)),
        pa.array(group.similarity[rows]),
        pa.array(group.upper[partner]),
        pa.array(group.lower[partner]),
        pa.array(group.partner_similarity[rows]),
        empty if members is None else members,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _flat(lists: pa.ListArray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values of some lists one after the other, and how many each has."""
    chosen = lists.take(pa.array(rows))
    offsets = chosen.offsets.to_numpy()
    return chosen.flatten().to_numpy(zero_copy_only=False).astype(np.uint64), np.diff(offsets)


@dataclass
class ShardState:
    """What all comparisons so far mean for the documents of one shard.

    Arrays have one entry a row of the shard. ``step`` is the position of the comparison that dropped it, -1 where it is
    alive; ``survivor`` and ``partner`` are halves of a ``doc_id`` (uint64[rows, 2]).
    """

    step: np.ndarray
    survivor: np.ndarray
    similarity: np.ndarray
    partner: np.ndarray
    partner_similarity: np.ndarray
    members: dict[int, np.ndarray]
    """Rows of survivors to the nodes that were dropped for them."""

    @property
    def alive(self) -> np.ndarray:
        """bool[rows]: not dropped so far."""
        return self.step < 0

    def member_lists(self, rows: np.ndarray) -> pa.ListArray:
        """The members of some rows."""
        parts = [self.members.get(row, NO_MEMBERS) for row in rows.tolist()]
        offsets = np.cumsum([0, *map(len, parts)])
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(np.concatenate([NO_MEMBERS, *parts])))


def shard_state(rows: int, steps: Sequence[Iterable[pa.RecordBatch]]) -> ShardState:
    """The state after the comparisons in turn; each gives the rows of `SCHEMA` that concern the shard."""
    state = ShardState(
        step=np.full(rows, -1, np.int8),
        survivor=np.zeros((rows, 2), np.uint64),
        similarity=np.zeros(rows),
        partner=np.zeros((rows, 2), np.uint64),
        partner_similarity=np.zeros(rows),
        members={},
    )
    for position, batches in enumerate(steps):
        for batch in batches:
            _take(state, position, batch)
    return state


def _take(state: ShardState, position: int, batch: pa.RecordBatch) -> None:
    values = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in SCHEMA.names if name != "members"}
    rows = (values["node"] & np.uint64((1 << ROW_BITS) - 1)).astype(np.int64)
    new = values["dropped"]
    counts = np.diff(batch.column("members").offsets.to_numpy())
    old = ~new & (counts == 0)
    for chosen in (new, old):  # the verdict stays that of the comparison that dropped it, the survivor moves on
        state.survivor[rows[chosen], 0] = values["survivor_upper"][chosen]
        state.survivor[rows[chosen], 1] = values["survivor_lower"][chosen]
    dropped = rows[new]
    state.step[dropped] = position
    state.similarity[dropped] = values["similarity"][new]
    state.partner[dropped, 0], state.partner[dropped, 1] = values["partner_upper"][new], values["partner_lower"][new]
    state.partner_similarity[dropped] = values["partner_similarity"][new]
    members = batch.column("members")
    for index in np.flatnonzero(counts).tolist():
        state.members[int(rows[index])] = members[index].values.to_numpy().copy()
