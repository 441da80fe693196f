"""Stage `mix-layout`: how many sequences each file will have, and what is in them; no token is moved yet."""

# pyright: reportAttributeAccessIssue=false

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from filters.packing.cuts import count_cuts
from filters.packing.window import METHODS, pack_window
from pipelines.engine.outputs.files import atomic_output, read_bytes
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Summarize
from pipelines.engine.shard import Bucket, make_buckets
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from pipelines.mix.setting import LAYOUT, SPREAD, Setting, load_plan
from pipelines.mix.stages.base import MixStep
from pipelines.mix.window_rows import Window, read_windows
from schemas.manifest import Counts, InputFile, OutputFile
from schemas.mix_report import LENGTH_BINS, CutCounts, FileLayout, Readings


@dataclass
class LayoutStage(MixStep):
    """Packs lengths, in both ways."""

    name: str = "mix-layout"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the windows of a file; memory is bounded by one of them."""
        setting, plan = self.setting, load_plan(layout)
        part, _ = setting.part_of(unit)
        around = setting.vocabulary.frame.tokens
        packings: dict[str, CutCounts] = {method: CutCounts() for method in METHODS}
        readings: dict[str, Readings] = {}
        for window in read_windows(layout, setting, plan, unit):
            lengths = window.lengths + around
            for method in METHODS:
                packing = pack_window(lengths, window.times, method, part.sequence_length)
                packings[method] += count_cuts(lengths, packing, part.sequence_length)
            for name, found in _readings(window, lengths, plan.strata).items():
                readings[name] = readings.get(name, Readings()) + found
        found = FileLayout(part=part.name, readings=dict(sorted(readings.items())), packings=packings)
        name = _file(unit.name)
        with atomic_output(layout.uri(name)) as file:
            file.write(found.model_dump_json().encode())
        documents = packings[part.packing].documents
        progress.add(documents, 0, documents)
        return Result(
            InputFile(path=f"{SPREAD}/{unit.name}", rows=documents, bytes=0),
            (OutputFile(path=name, rows=0, bytes=file.bytes, digest=file.hexdigest()),),
            Counts(input=documents, kept=documents),
        )


def load_layout(layout: Layout, bucket: str) -> FileLayout:
    """What the stage has found for a file."""
    return FileLayout.model_validate_json(read_bytes(layout.uri(_file(bucket))))


@dataclass(frozen=True)
class FirstIndices(Summarize):
    """The place of each file's first sequence in the reading order of its stage."""

    setting: Setting

    def of_shard(self, shard: str, layout: Layout) -> bytes:
        """How many sequences a file has."""
        found = load_layout(layout, shard)
        packing = next(part.packing for part in self.setting.parts if part.name == found.part)
        return json.dumps({shard: found.packings[packing].sequences}).encode()

    def merge(self, parts: Iterable[bytes]) -> bytes:
        """The counts of more files."""
        counts = {name: count for part in parts for name, count in json.loads(part).items()}
        return json.dumps(counts, sort_keys=True).encode()

    def finish(self, total: bytes) -> Globals:
        """The first index of each file, by the name of its bucket."""
        counts, first = json.loads(total), dict[str, float]()
        for part in self.setting.parts:
            index = 0
            for bucket in make_buckets(self.setting.files)[part.first_bucket :][: part.most_files]:
                first[first_index_key(bucket)] = float(index)
                index += counts[bucket.name]
        return first


def first_index_key(bucket: Bucket) -> str:
    """The name of the value that `FirstIndices` gives for a file."""
    return f"mix.first_index.{bucket.name}"


def _readings(window: Window, lengths: np.ndarray, strata: tuple[str, ...]) -> dict[str, Readings]:
    numbers, repeated = window.column("stratum"), window.column("epoch") > 0
    bins = np.floor(np.log2(lengths)).astype(np.int64)
    found = {}
    for number in np.unique(numbers).tolist():
        own = numbers == number
        found[strata[number]] = Readings(
            documents=int(own.sum()),
            tokens=int(lengths[own].sum()),
            repeated_documents=int((own & repeated).sum()),
            repeated_tokens=int(lengths[own & repeated].sum()),
            lengths=tuple(np.bincount(bins[own], minlength=LENGTH_BINS).tolist()),
        )
    return found


def _file(bucket: str) -> str:
    return f"{LAYOUT}/{bucket}.json"
