"""From candidates to clusters: pairs that share a band hash are compared by their true Jaccard similarity."""

from dataclasses import dataclass

import numpy as np

from filters.minhash.shingles import Shingles
from filters.minhash.verify_kernels import State, choose_survivors, unite_groups

NO_VERIFICATION = -1.0
"""The threshold that every pair of candidates reaches."""


@dataclass(frozen=True)
class Candidates:
    """Documents of whole components of the candidate graph, in any order.

    Of two documents that share a band hash both must be here. ``doc_id`` is uint64[documents, 2], the upper and lower
    half; no two are equal. ``rank`` is int64[documents]: the lowest of a cluster survives, of equal ranks the
    lowest ``doc_id``. ``sets`` are the documents' shingles as `filters.minhash.jaccard.shingle_sets` gives them,
    ``bands`` is uint64[documents, bands] as `filters.minhash.bands` does.
    """

    doc_id: np.ndarray
    rank: np.ndarray
    sets: Shingles
    bands: np.ndarray


@dataclass(frozen=True)
class LargeGroup:
    """A band hash shared by more documents than the cap, not all duplicates of the first of them.

    Some of its pairs may not have been compared: ``compared`` were in this group, and ``left_over`` of its ``members``
    were found to be nobody's duplicate, or not looked at. ``examples`` are its first ``doc_id``, in hex.
    """

    band: int
    band_hash: int
    members: int
    compared: int
    left_over: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class VerifiedClusters:
    """The cluster of every document; documents are named by their position among the candidates.

    ``root``, ``survivor`` and ``partner`` are int64[documents]: the lowest ``doc_id`` of its cluster, the document of
    the cluster that survives, and a document whose similarity with it was verified, the survivor where possible (-1: it
    is a duplicate of none). ``survivor_jaccard`` and ``partner_jaccard`` are float64[documents], true similarities; 1
    and NaN for who survives and who has no partner. ``compared`` counts pairs of candidates, ``verified`` those among
    them that reached the threshold; pairs are not compared once other pairs have united them.
    """

    root: np.ndarray
    survivor: np.ndarray
    survivor_jaccard: np.ndarray
    partner: np.ndarray
    partner_jaccard: np.ndarray
    compared: int
    verified: int
    large_groups: tuple[LargeGroup, ...]

    @property
    def false(self) -> int:
        """Pairs of candidates whose similarity is below the threshold."""
        return self.compared - self.verified


def verify(candidates: Candidates, min_jaccard: float | None, group_cap: int) -> VerifiedClusters:
    """The clusters that pairs with a band hash in common and a similarity of at least ``min_jaccard`` make.

    null: all pairs with a band hash in common do. The result is the same for any order of documents, and for a
    component whatever else is verified along with it. Groups of one band hash with more members than ``group_cap`` get
    comparisons in proportion to their size only, and are reported; all others are exact. Time for a group of m
    documents is O(m) if they are one cluster and O(m^2) at worst; memory besides the candidates is 80 bytes for
    each document and 4 for each of its bands.
    """
    order = np.lexsort((candidates.doc_id[:, 1], candidates.doc_id[:, 0]))
    documents, bands = candidates.bands.shape
    state = State(
        order=order,
        bands=candidates.bands,
        hashes=candidates.sets.hashes,
        offsets=candidates.sets.offsets,
        parent=np.arange(documents),
        partner=np.full(documents, -1),
        similarity=np.full(documents, np.nan),
        turns=np.zeros((documents, bands), np.int32),
        counts=np.zeros(3, np.int64),
        large=np.zeros((documents // (group_cap + 1) * bands, 7), np.int64),
    )
    threshold = NO_VERIFICATION if min_jaccard is None else min_jaccard
    for band in range(bands):
        members = np.argsort(candidates.bands[order, band], kind="stable")
        unite_groups(state, members, band, threshold, group_cap)
    survivor, similarity = choose_survivors(state, candidates.rank, threshold)
    compared, verified, large = state.counts.tolist()
    return VerifiedClusters(
        root=_scatter(order, order[state.parent]),
        survivor=_scatter(order, order[survivor]),
        survivor_jaccard=_scatter(order, similarity),
        partner=_scatter(order, np.where(state.partner < 0, -1, order[state.partner])),
        partner_jaccard=_scatter(order, state.similarity),
        compared=compared,
        verified=verified,
        large_groups=tuple(_large_group(candidates, order, row) for row in state.large[:large].tolist()),
    )


def _scatter(order: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values in the order of the kernels as values by position."""
    result = np.empty_like(values)
    result[order] = values
    return result


def _large_group(candidates: Candidates, order: np.ndarray, row: list[int]) -> LargeGroup:
    band, members, compared, left_over, *examples = row
    halves = candidates.doc_id[order[examples]].tolist()
    return LargeGroup(
        band=band,
        band_hash=int(candidates.bands[order[examples[0]], band]),
        members=members,
        compared=compared,
        left_over=left_over,
        examples=tuple(f"{upper:016x}{lower:016x}" for upper, lower in halves),
    )
