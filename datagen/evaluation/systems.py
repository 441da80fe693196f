"""What systems wrote on an evaluation set, out of the folders of their runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from datagen.products.wording import asked_in, content_of
from pipelines.engine.outputs.layout import KEPT, Layout
from pipelines.read.files import InputError
from schemas.manifest import Manifest

FAILED = "failed."
"""Before the reason of a request that failed, in counts."""


@dataclass(frozen=True)
class Written:
    """One summary, as a grader sees it."""

    item: str
    """The payload and the product: the same for all systems."""
    system: str
    """Who wrote it."""
    product: str
    """What was asked for."""
    content: str
    asked: str
    summary: str


@dataclass(frozen=True)
class System:
    """A model that is graded: the run in which it answered."""

    name: str
    folder: Path
    manifest: Manifest

    @property
    def failed(self) -> int:
        """Requests that it gave no usable answer to."""
        return sum(count for code, count in self.manifest.counts.dropped.items() if code.startswith(FAILED))

    @property
    def anonymised(self) -> bool:
        """Whether personal data was replaced before it was asked."""
        payloads = self.manifest.recipe.get("payloads")
        return isinstance(payloads, Mapping) and payloads.get("anonymise") is True


def open_system(folder: Path) -> System:
    """The run of a system, named after its folder.

    Raises InputError: the run has not ended, or its gates took answers out, which graders must see as well.
    """
    try:
        manifest = Manifest.model_validate_json((folder / Layout.manifest("run")).read_bytes())
    except FileNotFoundError as error:
        raise InputError(f"{folder}: no run of `orchard generate` has ended there") from error
    rejected = sum(count for code, count in manifest.counts.dropped.items() if not code.startswith(FAILED))
    if rejected:
        raise InputError(
            f"{folder}: gates took out {rejected:,} answers, and graders must see the bad ones too: run the same "
            "command with --set 'gates=[]' (nothing is asked again)"
        )
    return System(folder.resolve().name, folder, manifest)


def written_by(system: System, product: str | None) -> Iterator[Written]:
    """Its summaries of clean payloads, of one product or of all."""
    for output in system.manifest.outputs:
        if output.kind != KEPT:
            continue
        for batch in pq.ParquetFile(system.folder / output.path).iter_batches():
            for row in batch.to_pylist():
                if row["attack"] is None and product in (None, row["product"]):
                    user, answer = (message["content"] for message in row["messages"])
                    item = f"{row['payload_id']} {row['product']}"
                    yield Written(item, system.name, row["product"], content_of(user), asked_in(user), answer)
