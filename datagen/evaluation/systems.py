"""What systems wrote on an evaluation set, out of the folders of their runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from datagen.evaluation.grades import Task
from datagen.products.wording import asked_in, content_of
from datagen.run.stages.outputs import FAILURES
from pipelines.engine.outputs.layout import KEPT, Layout
from pipelines.read.files import InputError
from schemas.manifest import Manifest

FAILED = "failed."
"""Before the reason of a request that failed, in counts."""
UNSUITABLE = "suits no product"
"""How the reason begins of a payload that no product is for, in counts."""


@dataclass(frozen=True)
class Written:
    """One summary, as a grader sees it."""

    item: str
    """The payload and the product: the same for all systems."""
    system: str
    """Who wrote it."""
    task: Task
    """The use case and the product."""
    content: str
    asked: str
    summary: str


@dataclass(frozen=True)
class System:
    """A model that is graded: the run in which it answered."""

    name: str
    folder: Path
    manifest: Manifest

    def unanswered(self, product: str | None) -> list[bool]:
        """For each request for a product, or for any, without a usable answer: whether it may have one another time."""
        rows = self.rows(FAILURES, ["product", "retryable"])
        return [row["retryable"] for row in rows if product in (None, row["product"])]

    @property
    def anonymised(self) -> bool:
        """Whether personal data was replaced before it was asked."""
        payloads = self.manifest.recipe.get("payloads")
        return isinstance(payloads, Mapping) and payloads.get("anonymise") is True

    def rows(self, kind: str, columns: Sequence[str] | None = None) -> Iterator[dict]:
        """The rows of a kind of its outputs."""
        for output in self.manifest.outputs:
            if output.kind == kind:
                for batch in pq.ParquetFile(self.folder / output.path).iter_batches(columns=columns):
                    yield from batch.to_pylist()


def open_system(folder: Path) -> System:
    """The run of a system, named after its folder.

    Raises InputError: the run has not ended, or did not ask about all payloads, or has not kept all answers.
    """
    try:
        manifest = Manifest.model_validate_json((folder / Layout.manifest("run")).read_bytes())
    except FileNotFoundError as error:
        raise InputError(f"{folder}: no run of `orchard evaluation answer` has ended there") from error
    counts = manifest.counts
    wrong = {
        "took out {:,} answers": sum(n for code, n in counts.dropped.items() if not code.startswith(FAILED)),
        "left out {:,} payloads": sum(n for why, n in counts.skipped.items() if not why.startswith(UNSUITABLE)),
    }
    if any(wrong.values()):
        what = " and ".join(text.format(count) for text, count in wrong.items() if count)
        raise InputError(
            f"{folder}: the run {what} (by gates, or as repetitions), and graders must see all, the bad ones too: let "
            "the system answer by `orchard evaluation answer` in this folder (nothing is asked again)"
        )
    return System(folder.resolve().name, folder, manifest)


def written_by(system: System, product: str | None) -> Iterator[Written]:
    """Its summaries of clean payloads, of one product or of all."""
    for row in system.rows(KEPT):
        if row["attack"] is None and product in (None, row["product"]):
            user, answer = (message["content"] for message in row["messages"])
            item, task = f"{row['payload_id']} {row['product']}", Task(row["kind"], row["product"])
            yield Written(item, system.name, task, content_of(user), asked_in(user), answer)
