"""Stages `url-groups`, `text-groups`: of the documents with one key, one survives."""

from dataclasses import dataclass

import numpy as np

from filters.clusters.nodes import ROW_BITS
from filters.duplicates.groups import survivors_of_groups
from pipelines.dedup.outcomes import SCHEMA, Group, outcomes
from pipelines.dedup.setting import keys_kind, numbers, outcomes_kind
from pipelines.dedup.stages.base import DedupStage
from pipelines.engine.exchange import ExchangeWriter, read_table
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile


@dataclass
class GroupsStage(DedupStage):
    """Chooses a survivor for each key of a bucket."""

    step: str = ""

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sort a bucket by key; memory is bounded by the bucket."""
        setting, kind = self.setting, keys_kind(self.step)
        documents = read_table(layout, kind, setting.shard_names, unit.number, setting.key_schema())
        keys = (numbers(documents, "key_upper"), numbers(documents, "key_lower"))
        survivor = survivors_of_groups(keys, setting.order(documents))
        # Captures of one page may differ as they like; other keys are of the text or of all that was captured.
        similarity = np.full(documents.num_rows, np.nan if self.step == "url" else 1.0)
        group = Group(
            node=numbers(documents, "node"),
            upper=numbers(documents, "upper"),
            lower=numbers(documents, "lower"),
            earlier=numbers(documents, "earlier"),
            members=documents.column("members"),
            survivor=survivor,
            similarity=similarity,
            partner=survivor,
            partner_similarity=similarity,
        )
        with ExchangeWriter(layout, outcomes_kind(self.step), unit.name, SCHEMA, len(setting.shard_names)) as writer:
            rows = outcomes(group)
            writer.write(rows, numbers(rows, "node") >> np.uint64(ROW_BITS))
        progress.add(documents.num_rows, documents.nbytes, documents.num_rows)
        return Result(
            InputFile(path=f"{kind}/{unit.name}", rows=documents.num_rows, bytes=documents.nbytes),
            (only_output(writer),),
            Counts(input=documents.num_rows, kept=documents.num_rows),
        )
