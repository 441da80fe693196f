"""Stage `minhash-components`: candidates that hang together, over the whole corpus."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.dedup.components import write_components
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.candidates import CANDIDATES
from pipelines.engine.outputs.files import local_folder
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_count
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, Finding, InputFile

COMPONENTS = "stages/minhash-components"


@dataclass
class ComponentsStage(DedupStage):
    """Joins all edges in one process: 4 bytes a document, or star rounds on disk where that is too much."""

    name: str = "minhash-components"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the edges of all buckets, write the components of each shard; memory as `write_components` says."""
        setting, corpus = self.setting, self.setting.corpus
        edges = [layout.uri(layout.data(CANDIDATES, bucket)) for bucket in setting.bucket_names]
        rows = [row_count(corpus.signatures_uri(layout, shard)) for shard in corpus.shards]
        names = [layout.data(COMPONENTS, shard) for shard in setting.shard_names]
        with ExitStack() as stack:
            spill = local_folder(layout.uri("stages/minhash-spill")) or stack.enter_context(_temporary())
            found = write_components(edges, rows, [layout.uri(name) for name in names], spill=spill)
        outputs = tuple(file.model_copy(update={"path": name}) for file, name in zip(found.files, names, strict=True))
        progress.add(sum(rows), 0, found.members)
        return Result(
            InputFile(path=CANDIDATES, rows=found.edges, bytes=0),
            outputs,
            Counts(input=found.edges, kept=found.edges),
            (
                Finding.of(
                    "minhash.candidate_documents", found.members, "documents that share a band with some other document"
                ),
                Finding.of(
                    "minhash.components", found.components, f"sets of candidates that hang together, by {found.method}"
                ),
            ),
        )


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder on this machine's disk, for a run whose own folder lies on an object store."""
    with tempfile.TemporaryDirectory(prefix="orchard-star-") as folder:
        yield Path(folder)
