"""Stage `contamination-report`: which items of benchmarks were seen, and a page that says what was done."""

from collections import defaultdict
from dataclasses import dataclass

from filters.ngrams.benchmarks import BenchmarkIndex
from pipelines.decontaminate.hit_files import read_common
from pipelines.decontaminate.matches import example
from pipelines.decontaminate.report import CLEAN, Sightings, item_rows, item_states
from pipelines.decontaminate.report_page import NOTHING_FOUND, SHORT_ONLY, Page, markdown
from pipelines.decontaminate.setting import FLAGGED
from pipelines.decontaminate.stages.base import DecontaminateStage
from pipelines.decontaminate.stages.common import most_common
from pipelines.engine.outputs.files import atomic_output
from pipelines.engine.outputs.layout import BENCHMARKS, CONTAMINATION_PAGE, MATCHES, Layout
from pipelines.engine.outputs.parquet import ShardWriter, row_count, row_groups
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.contamination import NAMESPACE, item_state_schema
from schemas.manifest import Counts, Finding, InputFile, OutputFile, choose_examples

MOST_COMMON = 20
"""Exempted n-grams that the page shows."""


@dataclass
class ReportStage(DecontaminateStage):
    """Adds up what all shards have found."""

    name: str = "contamination-report"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read all matches; memory is about a kilobyte for each item that was seen, and what the index has."""
        setting = self.setting
        index = setting.load_index()
        counts, exempt = read_common(layout, index.ngrams.ngrams)
        sightings = Sightings()
        for shard in setting.shards:
            sightings.add_shard(index, row_groups(layout.uri(layout.data(FLAGGED, shard.name))))
        states = item_states(index, sightings, exempt)
        name = layout.data(BENCHMARKS, "items")
        with ShardWriter(layout.uri(name), name, item_state_schema(), setting.write) as items:
            for batch in item_rows(index, sightings, states):
                items.write(batch)
        page = Page(
            recipe=setting.recipe,
            index=index,
            documents=sum(row_count(setting.documents_uri(layout, shard)) for shard in setting.shards),
            found_ngrams=int((counts > 0).sum()),
            common=most_common(index, counts * exempt, MOST_COMMON),
            common_ngrams=int(exempt.sum()),
            sightings=sightings,
            states=states,
            examples=self._examples(index, layout),
        )
        seen = len(sightings.items)
        progress.add(len(states), 0, seen)
        return Result(
            InputFile(path=FLAGGED, rows=len(states), bytes=0),
            (only_output(items), _write(layout, markdown(page))),
            Counts(input=len(states), kept=len(states)),
            (
                Finding.of(
                    f"{NAMESPACE}.items_seen",
                    seen,
                    "benchmark items of which some document holds an n-gram that is no common usage",
                    whole=len(states),
                ),
                Finding.of(
                    f"{NAMESPACE}.items_clean",
                    states.count(CLEAN),
                    "benchmark items that no document holds an n-gram of",
                    whole=len(states),
                ),
                Finding.of(
                    f"{NAMESPACE}.short_only",
                    sightings.short_only,
                    SHORT_ONLY,
                    whole=sightings.fates.total(),
                    is_warning=2 * sightings.short_only > sightings.fates.total(),
                ),
                Finding.of(f"{NAMESPACE}.nothing_found", int(not page.found_ngrams), NOTHING_FOUND, is_warning=True),
            ),
        )

    def _examples(self, index: BenchmarkIndex, layout: Layout) -> dict[int, tuple[str, ...]]:
        """Examples of matches by benchmark."""
        numbers = {
            (each.suite, each.subtask, each.split, each.revision): number
            for number, each in enumerate(index.metadata.benchmarks)
        }
        chosen: dict[int, tuple[str, ...]] = defaultdict(tuple)
        for shard in self.setting.shards:
            for batch in row_groups(layout.uri(layout.data(MATCHES, shard.name))):
                found: dict[int, list[str]] = defaultdict(list)
                for row in batch.to_pylist():
                    key = (row["suite"], row["subtask"], row["split"], row["revision"])
                    found[numbers[key]].append(example(row))
                for number, texts in found.items():
                    chosen[number] = choose_examples((*chosen[number], *texts))
        return chosen


def _write(layout: Layout, text: str) -> OutputFile:
    with atomic_output(layout.uri(CONTAMINATION_PAGE)) as file:
        file.write(text.encode())
    return OutputFile(path=CONTAMINATION_PAGE, rows=0, bytes=file.bytes, digest=file.hexdigest())
