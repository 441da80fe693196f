"""Where things lie in a run's folder."""

from dataclasses import dataclass

from pipelines.engine.outputs.files import join

KEPT = "kept"
DROPPED = "dropped"
DEAD_LETTERS = "dead-letters"
MATCHES = "matches"
BENCHMARKS = "benchmarks"
TOKENS = "tokens"
DATA = "data"
CONTAMINATION_PAGE = "contamination.md"
MDS_INDEX = "index.json"
FINAL_FILES = (CONTAMINATION_PAGE, MDS_INDEX)
FINAL = (KEPT, DROPPED, DEAD_LETTERS, MATCHES, BENCHMARKS, TOKENS, DATA)
"""The folders for the user, and the page on benchmarks in the corpus."""
STAGES = "stages"
"""The folder of what one stage hands the next."""


@dataclass(frozen=True)
class Layout:
    """Names inside the folder that ``--out`` gives.

    The folders of `FINAL` are for the user; ``stages/`` holds what one stage hands the next,
    ``records/`` one small JSON for each finished shard of a stage, from which resume and manifests are made.
    """

    out: str

    def uri(self, name: str) -> str:
        """A name relative to the folder as a URI."""
        return join(self.out, name)

    @staticmethod
    def data(kind: str, shard: str) -> str:
        """A shard's Parquet file, e.g. of kind ``kept`` or ``stages/extract``."""
        return f"{kind}/{shard}.parquet"

    @staticmethod
    def exchange(kind: str, shard: str) -> str:
        """A shard's part of an exchange, an Arrow IPC file."""
        return f"{kind}/{shard}.arrow"

    @staticmethod
    def record(stage: str, shard: str) -> str:
        """The record of a finished shard."""
        return f"records/{stage}/{shard}.json"

    @staticmethod
    def manifest(stage: str) -> str:
        """The manifest of a stage; that of the whole run lies in the folder itself."""
        return "manifest.json" if stage == "run" else f"stages/{stage}/manifest.json"
