"""Stage `minhash-clusters`: candidates are compared by true similarity, and one of each cluster survives."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.clusters.nodes import ROW_BITS
from filters.duplicates.groups import survivors_of_groups
from filters.minhash.shingles import Shingles
from filters.minhash.verify import Candidates, VerifiedClusters, verify
from pipelines.dedup.outcomes import SCHEMA, Group, outcomes
from pipelines.dedup.setting import numbers, outcomes_kind
from pipelines.dedup.stages.bands import minhash_settings
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.shingles import SHINGLES, shingle_schema
from pipelines.engine.exchange import ExchangeWriter, read_table
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, Finding, InputFile


@dataclass
class ClustersStage(DedupStage):
    """Verifies the candidates of a bucket, which holds whole components."""

    name: str = "minhash-clusters"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Compare within components; memory is bounded by the bucket's sets of shingles."""
        setting, settings = self.setting, minhash_settings(self)
        schema = shingle_schema(setting, settings)
        documents = read_table(layout, SHINGLES, setting.shard_names, unit.number, schema)
        findings: tuple[Finding, ...] = ()
        if settings.min_jaccard is None:
            group = self._by_component(documents)
        else:
            group, findings = self._verified(documents, settings.min_jaccard, settings.bucket_cap)
        with ExchangeWriter(layout, outcomes_kind("minhash"), unit.name, SCHEMA, len(setting.shard_names)) as writer:
            rows = outcomes(group)
            writer.write(rows, numbers(rows, "node") >> np.uint64(ROW_BITS))
        progress.add(documents.num_rows, documents.nbytes, documents.num_rows)
        return Result(
            InputFile(path=f"{SHINGLES}/{unit.name}", rows=documents.num_rows, bytes=documents.nbytes),
            (only_output(writer),),
            Counts(input=documents.num_rows, kept=documents.num_rows),
            findings,
        )

    def _by_component(self, documents: pa.RecordBatch) -> Group:
        """Every candidate counts: a component is a cluster. Similarities are not known."""
        survivor = survivors_of_groups((numbers(documents, "component"),), self.setting.order(documents))
        unknown = np.full(documents.num_rows, np.nan)
        return _group(documents, survivor, unknown, survivor, unknown)

    def _verified(
        self, documents: pa.RecordBatch, min_jaccard: float, group_cap: int
    ) -> tuple[Group, tuple[Finding, ...]]:
        rank = np.empty(documents.num_rows, np.int64)
        rank[self.setting.order(documents)] = np.arange(documents.num_rows)
        sets, bands = documents.column("shingles"), documents.column("bands")
        found = verify(
            Candidates(
                doc_id=np.column_stack([numbers(documents, "upper"), numbers(documents, "lower")]),
                rank=rank,
                sets=Shingles(sets.values.to_numpy(), sets.offsets.to_numpy()),
                bands=bands.flatten().to_numpy().reshape(documents.num_rows, bands.type.list_size),
            ),
            min_jaccard=min_jaccard,
            group_cap=group_cap,
        )
        alone = found.partner < 0
        partner = np.where(alone, found.survivor, found.partner)
        group = _group(documents, found.survivor, found.survivor_jaccard, partner, found.partner_jaccard)
        return group, _findings(found)


def _group(
    documents: pa.RecordBatch,
    survivor: np.ndarray,
    similarity: np.ndarray,
    partner: np.ndarray,
    partner_similarity: np.ndarray,
) -> Group:
    return Group(
        node=numbers(documents, "node"),
        upper=numbers(documents, "upper"),
        lower=numbers(documents, "lower"),
        earlier=numbers(documents, "earlier"),
        members=documents.column("members"),
        survivor=survivor,
        similarity=similarity,
        partner=partner,
        partner_similarity=partner_similarity,
    )


def _findings(found: VerifiedClusters) -> tuple[Finding, ...]:
    false = found.compared - found.verified
    return (
        Finding.of("minhash.compared_pairs", found.compared, "pairs of candidates whose true similarity was computed"),
        Finding.of(
            "minhash.verified_pairs",
            found.verified,
            "of the compared pairs those at or over `min_jaccard`; only they make duplicates",
            whole=found.compared,
        ),
        Finding.of(
            "minhash.false_pairs",
            false,
            "of the compared pairs those under `min_jaccard`, which share a band by chance or by boilerplate",
            whole=found.compared,
        ),
        Finding.of(
            "minhash.large_groups",
            len(found.large_groups),
            "groups of more than `bucket_cap` documents with a band in common, of which not all pairs were compared",
            (
                f"{group.members:,} documents share a band, {group.compared:,} pairs compared, {group.left_over:,} "
                f"documents left over; some: {', '.join(group.examples)}"
                for group in found.large_groups
            ),
        ),
    )
