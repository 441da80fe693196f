"""Stage `decontaminate`: writes `kept/` and `dropped/`, and `matches/` with all that was found."""

# pyright: reportAttributeAccessIssue=false

from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.ngrams.benchmarks import BenchmarkIndex
from filters.ngrams.passages import ItemMatches, item_matches, measure
from pipelines.decontaminate.findings import ShardFindings
from pipelines.decontaminate.flagged import FLAGGED_SCHEMA, flagged_rows
from pipelines.decontaminate.hit_files import HitReader, PlacedHits, read_common
from pipelines.decontaminate.matches import match_rows
from pipelines.decontaminate.setting import FLAGGED, HITS
from pipelines.decontaminate.stages.base import DecontaminateStage
from pipelines.decontaminate.verdicts import DROPPED as IS_DROPPED
from pipelines.decontaminate.verdicts import STAGE, cut_texts, decide_fates, signals, verdicts
from pipelines.engine.outputs.documents import conform, document_schemas
from pipelines.engine.outputs.layout import DROPPED, KEPT, MATCHES, Layout
from pipelines.engine.outputs.parquet import ShardWriter, row_groups, schema_of
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.contamination import RULE, match_schema, with_contamination
from schemas.manifest import Counts, InputFile


@dataclass(frozen=True)
class _Parts:
    """The rows that some documents become, by the output that they are for."""

    kept: pa.RecordBatch
    dropped: pa.RecordBatch
    matches: pa.RecordBatch
    flagged: pa.RecordBatch


@dataclass
class ApplyStage(DecontaminateStage):
    """Drops, cuts or marks the documents that hold an n-gram which is no common usage."""

    name: str = STAGE

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the documents; memory is bounded by a row group and those being written."""
        setting = self.setting
        index = setting.load_index()
        _, is_common = read_common(layout, index.ngrams.ngrams)
        uri = setting.documents_uri(layout, unit)
        kept_schema, dropped_schema = document_schemas(with_contamination(schema_of(uri)))
        suffix = "" if setting.documents is None else ".contaminated"
        targets = {
            layout.data(KEPT, unit.name): kept_schema,
            layout.data(DROPPED, f"{unit.name}{suffix}"): dropped_schema,
            layout.data(MATCHES, unit.name): match_schema(),
            layout.data(FLAGGED, unit.name): FLAGGED_SCHEMA,
        }
        findings = ShardFindings(setting.recipe.mode)
        reader, rows = HitReader(layout.uri(layout.data(HITS, unit.name))), 0
        with ExitStack() as stack:
            writers = [
                stack.enter_context(ShardWriter(layout.uri(name), name, schema, setting.write))
                for name, schema in targets.items()
            ]
            for group in row_groups(uri):
                placed = reader.take(group.num_rows)
                placed = placed.select(~is_common[placed.hits.ngram])
                parts = self._divide(index, group, placed, rows, (kept_schema, dropped_schema))
                findings.add(group.num_rows, parts.flagged, parts.matches)
                for writer, part in zip(
                    writers, (parts.kept, parts.dropped, parts.matches, parts.flagged), strict=True
                ):
                    writer.write(part)
                rows += group.num_rows
                progress.add(group.num_rows, group.column("text").nbytes, parts.kept.num_rows)
        kept, dropped = only_output(writers[0]).rows, only_output(writers[1]).rows
        return Result(
            InputFile(path=uri, rows=rows, bytes=unit.input.size),
            tuple(map(only_output, writers)),
            Counts(input=rows, kept=kept, dropped={RULE: dropped} if dropped else {}),
            findings.findings(),
        )

    def _divide(
        self,
        index: BenchmarkIndex,
        documents: pa.RecordBatch,
        placed: PlacedHits,
        first_row: int,
        schemas: tuple[pa.Schema, pa.Schema],
    ) -> _Parts:
        kept_schema, dropped_schema = schemas
        mode, texts = self.setting.recipe.mode, documents.column("text")
        hits = placed.hits
        measures = measure(hits, index.ngrams, documents.num_rows)
        matches = item_matches(hits, index.ngrams)
        fates = decide_fates(self.setting.recipe, texts, hits, index.ngrams)
        shown = match_rows(index, documents, placed, matches)
        dropped = fates.mask(IS_DROPPED, documents.num_rows)
        best = shown.take(pa.array(_best(matches))).filter(pa.array(dropped[np.unique(matches.document)]))
        every = {"signals": signals(documents, measures, kept_schema.field("signals").type)}
        kept_rows, dropped_rows = (pa.array(np.flatnonzero(mask)) for mask in (~dropped, dropped))
        kept = conform(documents, kept_schema, every | {"text": cut_texts(texts, fates)}).take(kept_rows)
        measured = documents.take(dropped_rows)
        verdict = verdicts(dropped_rows.to_pylist(), measures, best.to_pylist(), mode)
        gone = conform(measured, dropped_schema, {"signals": every["signals"].take(dropped_rows), "verdict": verdict})
        flagged = flagged_rows(matches, shown, fates.of, first_row)
        return _Parts(kept, gone, shown, flagged)


def _best(matches: ItemMatches) -> np.ndarray:
    """int64[documents with matches]: the match of each that has the most n-grams, the first of several."""
    order = np.lexsort((np.arange(len(matches)), -matches.ngrams, matches.document))
    return order[np.unique(matches.document[order], return_index=True)[1]]
