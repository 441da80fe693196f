"""The side channel of progress: workers append lines, the driver reads them.

Beam's local runner blocks until the end and shows no metrics on the way, so each worker process appends what it has
done to a file of its own in a local folder, and the driver follows these files.
"""

import json
import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

FLUSH_SECONDS = 0.3


@dataclass
class StageProgress:
    """Sums over all workers for one stage."""

    documents: int = 0
    bytes: int = 0
    kept: int = 0
    shards: int = 0


class ProgressLog:
    """A worker's end: adds up and appends a line every 0.3 seconds. Without a folder it does nothing."""

    def __init__(self, folder: str | None, stage: str) -> None:
        self._path = Path(folder) / f"{os.getpid()}.jsonl" if folder else None
        self._stage = stage
        self._pending = StageProgress()
        self._written = time.monotonic()

    def add(self, documents: int = 0, size: int = 0, kept: int = 0) -> None:
        """Count some documents and bytes as done."""
        self._pending.documents += documents
        self._pending.bytes += size
        self._pending.kept += kept
        if time.monotonic() - self._written > FLUSH_SECONDS:
            self._flush()

    def shard_done(self) -> None:
        """Count a shard as done."""
        self._pending.shards += 1
        self._flush()

    def error(self, message: str) -> None:
        """Tell the driver, in words for the user, why this worker gave up."""
        self._append({"error": message})

    def _flush(self) -> None:
        self._append({"stage": self._stage, **vars(self._pending)})
        self._pending = StageProgress()
        self._written = time.monotonic()

    def _append(self, line: dict[str, object]) -> None:
        if self._path is not None and self._path.parent.is_dir():
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


@dataclass
class ProgressReader:
    """The driver's end: follows all workers' files."""

    folder: Path
    stages: dict[str, StageProgress] = field(default_factory=lambda: defaultdict(StageProgress))
    errors: list[str] = field(default_factory=list)
    _read: dict[Path, int] = field(default_factory=lambda: defaultdict(int))

    def poll(self) -> None:
        """Take in the complete lines that are new."""
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read[path])
                new = file.read()
            complete = new[: new.rfind(b"\n") + 1]
            self._read[path] += len(complete)
            for line in complete.splitlines():
                self._take(json.loads(line))

    def _take(self, line: dict[str, object]) -> None:
        if "error" in line:
            self.errors.append(str(line["error"]))
            return
        sums = self.stages[str(line["stage"])]
        for name in vars(sums):
            setattr(sums, name, getattr(sums, name) + line[name])
