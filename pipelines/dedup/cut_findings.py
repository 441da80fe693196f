"""What was cut from the documents of a shard, counted and in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa

from pipelines.dedup.cut_documents import UNITS
from pipelines.dedup.cuts import CutTexts, Step
from pipelines.dedup.verdicts import excerpt, rule
from schemas.manifest import Finding, choose_examples

MEANINGS = {
    "lines": "documents of which too little was left without lines (paragraphs) that other documents have",
    "substrings": "documents of which too little was left without passages that stand word for word elsewhere",
}
CUT_MEANINGS = {
    "lines": "lines (paragraphs) taken out of documents, since enough others have them",
    "substrings": "passages taken out of documents, since they stand word for word elsewhere",
}


@dataclass
class CutTally:
    """What was cut from a shard so far, section by section."""

    steps: tuple[Step, ...]
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, documents: pa.RecordBatch, cuts: CutTexts) -> None:
        """Count what was done to some documents."""
        stays = cuts.dropped_by < 0
        self.counts["kept"] += int(np.count_nonzero(stays))
        before = cuts.bytes_before
        for position, (step, edited) in enumerate(zip(self.steps, cuts.edits, strict=True)):
            dropped = cuts.dropped_by == position
            self.counts[f"{step.name}.ranges"] += int(edited.ranges.sum())
            self.counts[f"{step.name}.documents"] += int(np.count_nonzero(stays & (edited.ranges > 0)))
            self.counts[f"{step.name}.removed"] += int(edited.removed[stays].sum())
            self.counts[f"{step.name}.bytes"] += int(before[stays].sum())
            self.counts[rule(step.name)] += int(np.count_nonzero(dropped))
            self._show(rule(step.name), documents.filter(pa.array(dropped)))
            before = before - edited.removed
        uris = documents.column("uri")
        self._choose("substrings.cut", (f'{uris[p.document]}: {p.words:,} words, "{p.text}"' for p in cuts.passages))

    def _show(self, name: str, dropped: pa.RecordBatch) -> None:
        rows = dropped.select(["uri", "doc_id", "text"]).to_pylist()
        self._choose(name, (f'{row["uri"]} ({row["doc_id"]}) dropped: "{excerpt(row["text"])}"' for row in rows))

    def _choose(self, name: str, new: Iterable[str]) -> None:
        self.examples[name] = choose_examples(chain(self.examples.get(name, ()), new))

    def dropped(self) -> Counter[str]:
        """Documents by rule."""
        return Counter({rule(step.name): self.counts[rule(step.name)] for step in self.steps})

    def findings(self) -> tuple[Finding, ...]:
        """All counts in words."""
        found: list[Finding] = []
        for step in self.steps:
            name, code = step.name, rule(step.name)
            cut = f"{name}.cut"
            found += [
                Finding.of(code, self.counts[code], MEANINGS[name], self.examples.get(code, ())),
                Finding.of(cut, self.counts[f"{name}.ranges"], CUT_MEANINGS[name], self.examples.get(cut, ())),
                Finding.of(
                    f"{name}.documents",
                    self.counts[f"{name}.documents"],
                    f"kept documents that lost {UNITS[name]} in this way",
                    whole=self.counts["kept"],
                ),
                Finding.of(
                    f"{name}.bytes",
                    self.counts[f"{name}.removed"],
                    f"bytes that kept documents lost with these {UNITS[name]}, of those that they had before",
                    whole=self.counts[f"{name}.bytes"],
                ),
            ]
        return tuple(found)
