"""The texts of the documents that whole-document comparisons have left, before and after lines are cut from them."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from filters.repeats.documents import Documents
from filters.repeats.edit import edit
from filters.repeats.lines import RANGES
from pipelines.dedup.by_row import ByRow
from pipelines.dedup.places import read_places
from pipelines.dedup.route import Route
from pipelines.dedup.setting import Setting
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import blocks, row_count, row_groups
from pipelines.engine.shard import Shard

BLOCK_BYTES = 2 << 20
LINES = Route("lines-keys", "hash", RANGES)


def line_cuts(setting: Setting, layout: Layout, shard: Shard) -> ByRow:
    """The bytes (start, end) of lines that go, of a shard's documents. 24 bytes a line."""
    found = LINES.found_of(setting, layout, shard)
    return ByRow.of_nodes(*(found.column(name).to_numpy() for name in RANGES.names))


def whole_documents(
    setting: Setting, layout: Layout, shard: Shard, wanted: ByRow | None = None
) -> Iterator[tuple[np.ndarray, Documents]]:
    """The documents of a shard that are alive, block by block, with their rows (int64); perhaps only those ``wanted``.

    Memory is bounded by a row group. The first block is empty, for its columns.
    """
    uri = setting.corpus.documents_uri(layout, shard)
    places, count = read_places(setting, layout, shard), row_count(uri)
    chosen = setting.state(layout, shard, count, "").alive
    if wanted is not None:
        chosen &= wanted.mask(count)
    nothing = np.zeros(0, np.int64)
    yield nothing, places.documents(pa.array([], pa.large_string()), nothing)
    start = 0
    for group in row_groups(uri, ["text"]):
        rows = start + np.flatnonzero(chosen[start : start + group.num_rows])
        offset = 0
        for block in blocks(group.take(pa.array(rows - start)), "text", BLOCK_BYTES):
            here = rows[offset : offset + block.num_rows]
            yield here, places.documents(block.column("text"), here)
            offset += block.num_rows
        start += group.num_rows


def documents_after_lines(
    setting: Setting, layout: Layout, shard: Shard, wanted: ByRow | None = None
) -> Iterator[tuple[np.ndarray, Documents]]:
    """The same, with lines cut as the recipe says, without the documents of which too little is left."""
    if setting.recipe.lines is None or setting.corpus.is_earlier(shard):
        yield from whole_documents(setting, layout, shard, wanted)
        return
    cuts = line_cuts(setting, layout, shard)
    for rows, documents in whole_documents(setting, layout, shard, wanted):
        edited = edit(documents.text, *cuts.of(rows), min_words=setting.lines.min_words_left)
        stays = np.flatnonzero(~edited.too_short)
        left = replace(documents, text=edited.text)
        yield (rows, left) if len(stays) == len(rows) else (rows[stays], _part(left, stays))


def _part(documents: Documents, rows: np.ndarray) -> Documents:
    return Documents(
        documents.text.take(pa.array(rows)),
        documents.node[rows],
        documents.scope[rows],
        tuple(column[rows] for column in documents.order),
    )
