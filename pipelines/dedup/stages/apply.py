"""Stage `deduplicate`: writes `kept/` with the survivors and `dropped/` with the duplicates."""

# pyright: reportAttributeAccessIssue=false

from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa

from pipelines.dedup.corpus import SIGNATURES
from pipelines.dedup.cut_documents import after_cut, with_signals
from pipelines.dedup.cut_findings import CutTally
from pipelines.dedup.cuts import cut_texts, read_steps
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.texts import BLOCK_BYTES
from pipelines.dedup.verdicts import dropped_columns, duplicate_counts, examples, rule
from pipelines.engine.outputs.documents import conform, document_schemas
from pipelines.engine.outputs.layout import DROPPED, KEPT, Layout
from pipelines.engine.outputs.parquet import ShardWriter, blocks, row_count, row_groups, schema_of
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.duplicate import with_duplicate
from schemas.manifest import Counts, Finding, InputFile, choose_examples

MEANINGS = {
    "doc_id": "captured twice: documents of one address and the same content, of which one is kept",
    "url": "other captures of one address, of which one is kept",
    "text": "documents whose text, normalised as the recipe says, is that of another, of which one is kept",
    "minhash": "documents that belong to a cluster of similar ones, of which one is kept",
}
"""A sentence for each comparison, for the manifest."""


@dataclass
class ApplyStage(DedupStage):
    """Copies each document to where it belongs, without what is cut; only whether enough is left is decided here."""

    name: str = "deduplicate"
    kept: str = KEPT
    """The folder of the survivors."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by a row group and the two being written."""
        setting = self.setting
        source = setting.corpus.documents_uri(layout, unit)
        rows = row_count(source)
        state = setting.state(layout, unit, rows, self.name)
        alive, stays = state.alive, state.alive
        steps = read_steps(setting, layout, unit)
        found, tally = _Found(setting.steps), CutTally(steps)
        schemas = document_schemas(with_duplicate(schema_of(source), setting.recipe))
        suffix = "" if setting.corpus.documents is None else ".duplicates"
        targets = [layout.data(self.kept, unit.name), layout.data(DROPPED, f"{unit.name}{suffix}")]
        with ExitStack() as stack:
            kept, dropped = (
                stack.enter_context(ShardWriter(layout.uri(target), target, schema, setting.write))
                for target, schema in zip(targets, schemas, strict=True)
            )
            start = 0
            for block in chain.from_iterable(blocks(group, "text", BLOCK_BYTES) for group in row_groups(source)):
                here = np.arange(start, start + block.num_rows)
                duplicates, survivors = here[~alive[here]], here[alive[here]]
                documents = block.take(pa.array(duplicates - start))
                columns = dropped_columns(state, duplicates, self._bounds())
                batch = conform(documents, schemas[1], with_signals(documents, schemas[1], steps, columns))
                dropped.write(batch)
                found.add(batch, state.step[duplicates])
                documents = block.take(pa.array(survivors - start))
                cuts = cut_texts(steps, documents.column("text"), survivors)
                columns = {"duplicate_count": duplicate_counts(state, survivors)}
                left, gone = after_cut(documents, cuts, steps, columns, schemas)
                kept.write(left)
                dropped.write(gone)
                tally.add(documents, cuts)
                stays[survivors] = cuts.dropped_by < 0
                start += block.num_rows
                progress.add(block.num_rows, block.column("text").nbytes, int(np.count_nonzero(stays[here])))
        signatures = self._signatures(unit, layout, stays)
        return Result(
            InputFile(path=source, rows=rows, bytes=unit.input.size),
            (only_output(kept), only_output(dropped), only_output(signatures)),
            Counts(
                input=rows, kept=only_output(kept).rows, dropped=dict(sorted((found.counts + tally.dropped()).items()))
            ),
            (*found.findings(), *tally.findings()),
        )

    def _bounds(self) -> dict[str, str]:
        """What each comparison demands of a document, in order."""
        bounds = dict.fromkeys(self.setting.steps, "unique")
        minhash = self.setting.recipe.minhash
        if minhash is not None:
            bounds["minhash"] = "no band in common" if minhash.min_jaccard is None else f"< {minhash.min_jaccard:g}"
        return bounds

    def _signatures(self, unit: Shard, layout: Layout, stays: np.ndarray) -> ShardWriter:
        """The signatures of what is kept, row by row: what a later corpus is compared with."""
        source = self.setting.corpus.signatures_uri(layout, unit)
        target = layout.data(SIGNATURES, unit.name)
        with ShardWriter(layout.uri(target), target, schema_of(source), self.setting.write) as writer:
            start = 0
            for group in row_groups(source):
                writer.write(group.filter(pa.array(stays[start : start + group.num_rows])))
                start += group.num_rows
        return writer


@dataclass
class _Found:
    """What was dropped so far: how many by rule, and examples by comparison."""

    steps: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, ...]] = field(default_factory=lambda: defaultdict(tuple))

    def add(self, dropped: pa.RecordBatch, step: np.ndarray) -> None:
        """Count some duplicates; ``step`` (int8[rows]) is the position of the comparison that found each."""
        for position, name in enumerate(self.steps):
            chosen = np.flatnonzero(step == position)
            if len(chosen):
                self.counts[rule(name)] += len(chosen)
                new = examples(dropped.take(pa.array(chosen)))
                self.examples[name] = choose_examples(chain(self.examples[name], new))

    def findings(self) -> tuple[Finding, ...]:
        """All counts in words."""
        return tuple(
            Finding.of(rule(step), self.counts[rule(step)], MEANINGS[step], self.examples[step]) for step in self.steps
        )
