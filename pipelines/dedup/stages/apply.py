"""Stage `deduplicate`: writes `kept/` with the survivors and `dropped/` with the duplicates."""

# pyright: reportAttributeAccessIssue=false

from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa

from pipelines.dedup.corpus import SIGNATURES
from pipelines.dedup.outcomes import ShardState
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.verdicts import dropped_rows, examples, kept_rows, rule, survivor_schema
from pipelines.engine.outputs.layout import DROPPED, KEPT, Layout
from pipelines.engine.outputs.parquet import ShardWriter, row_count, row_groups, schema_of
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
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
    """Copies each document to where it belongs; nothing is decided here."""

    name: str = "deduplicate"
    kept: str = KEPT
    """The folder of the survivors."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by a row group and the two being written."""
        setting = self.setting
        source = setting.corpus.documents_uri(layout, unit)
        rows = row_count(source)
        state = setting.state(layout, unit, rows, self.name)
        found = _Found(setting.steps)
        kept_schema, dropped_schema = survivor_schema(schema_of(source))
        suffix = "" if setting.corpus.documents is None else ".duplicates"
        targets = [layout.data(self.kept, unit.name), layout.data(DROPPED, f"{unit.name}{suffix}")]
        with ExitStack() as stack:
            kept, dropped = (
                stack.enter_context(ShardWriter(layout.uri(target), target, schema, setting.write))
                for target, schema in zip(targets, (kept_schema, dropped_schema), strict=True)
            )
            start = 0
            for group in row_groups(source):
                here = np.arange(start, start + group.num_rows)
                survivors = here[state.alive[here]]
                kept.write(kept_rows(group.take(pa.array(survivors - start)), state, survivors, kept_schema))
                duplicates = here[~state.alive[here]]
                batch = dropped_rows(group.take(pa.array(duplicates - start)), state, duplicates, self._bounds())
                dropped.write(batch)
                found.add(batch, state.step[duplicates])
                start += group.num_rows
                progress.add(group.num_rows, group.column("text").nbytes, len(survivors))
        signatures = self._signatures(unit, layout, state)
        return Result(
            InputFile(path=source, rows=rows, bytes=unit.input.size),
            (only_output(kept), only_output(dropped), only_output(signatures)),
            Counts(input=rows, kept=only_output(kept).rows, dropped=dict(sorted(found.counts.items()))),
            tuple(
                Finding.of(rule(step), found.counts[rule(step)], MEANINGS[step], found.examples[step])
                for step in setting.steps
            ),
        )

    def _bounds(self) -> dict[str, str]:
        """What each comparison demands of a document, in order."""
        bounds = dict.fromkeys(self.setting.steps, "unique")
        minhash = self.setting.recipe.minhash
        if minhash is not None:
            bounds["minhash"] = "no band in common" if minhash.min_jaccard is None else f"< {minhash.min_jaccard:g}"
        return bounds

    def _signatures(self, unit: Shard, layout: Layout, state: ShardState) -> ShardWriter:
        """The signatures of what is kept, row by row: what a later corpus is compared with."""
        source = self.setting.corpus.signatures_uri(layout, unit)
        target = layout.data(SIGNATURES, unit.name)
        with ShardWriter(layout.uri(target), target, schema_of(source), self.setting.write) as writer:
            start = 0
            for group in row_groups(source):
                writer.write(group.filter(pa.array(state.alive[start : start + group.num_rows])))
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
