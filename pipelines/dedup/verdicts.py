"""Duplicates as documents that say why they were dropped, and survivors that say for how many."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from filters.decide import VERDICT_TYPE
from filters.duplicates.keys import hex_of
from pipelines.dedup.outcomes import NO_MEMBERS, ShardState

STAGE = "deduplicate"
EXAMPLE_CHARACTERS = 80


def rule(step: str) -> str:
    """The code of the rule that a comparison drops by."""
    return f"duplicate.{step}"


def duplicate_counts(state: ShardState, rows: np.ndarray) -> pa.Int64Array:
    """How many documents were dropped for each of some survivors (of these rows of the shard)."""
    return pa.array([len(state.members.get(row, NO_MEMBERS)) for row in rows.tolist()], pa.int64())


def dropped_columns(state: ShardState, rows: np.ndarray, bounds: Mapping[str, str]) -> dict[str, pa.Array]:
    """Verdict, survivor and similarity of duplicates (of these rows of the shard).

    ``bounds`` has all comparisons in order, each with the bound that a duplicate breaks.
    """
    steps = tuple(bounds)
    similarity = _unknown_as_null(state.similarity[rows])
    survivors = hex_of(state.survivor[rows, 0], state.survivor[rows, 1])
    partners = hex_of(state.partner[rows, 0], state.partner[rows, 1])
    names = [steps[position] for position in state.step[rows].tolist()]
    verdict = pa.StructArray.from_arrays(
        [
            pa.repeat(STAGE, len(rows)),
            pa.array([rule(name) for name in names], pa.string()),
            _unknown_as_null(state.partner_similarity[rows]),
            pa.array([bounds[name] for name in names], pa.string()),
            pa.array([f"duplicate of {partner}" for partner in partners], pa.string()),
        ],
        fields=list(VERDICT_TYPE),
    )
    return {"verdict": verdict, "survivor_id": pa.array(survivors, pa.string()), "similarity": similarity}


def examples(dropped: pa.RecordBatch) -> Iterator[str]:
    """Duplicates in words, for the manifest."""
    columns = ["uri", "doc_id", "survivor_id", "similarity", "text"]
    return map(_example, dropped.select(columns).to_pylist())


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    return " ".join(text[: 4 * EXAMPLE_CHARACTERS].split())[:EXAMPLE_CHARACTERS]


def _example(row: dict[str, object]) -> str:
    similarity = row["similarity"]
    how = "" if similarity is None else f", similarity {similarity:.3f}"
    return f'{row["uri"]} ({row["doc_id"]}) dropped, {row["survivor_id"]} kept{how}: "{excerpt(str(row["text"]))}"'


def _unknown_as_null(values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
