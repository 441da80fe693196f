"""Stage `keep`: writes `kept/`, and to `rejected/` the samples that repeat others."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

import pyarrow as pa
import xxhash
from pydantic import BaseModel

from datagen.gates.waterfall import EXAMPLE_CHARACTERS, EXAMPLES
from datagen.run.stages.documents import ANSWERS, BATCH, DOCUMENTS, UNIQUE, read_documents
from datagen.run.stages.outputs import ACCOUNTS, REJECTED
from pipelines.engine.outputs.files import write_bytes
from pipelines.engine.outputs.layout import DROPPED, KEPT, Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import only_output, source_of
from pipelines.engine.watch.progress import ProgressLog
from schemas.generation.rows import RejectedSample, rejected_schema
from schemas.manifest import Counts, InputFile, OutputFile
from schemas.recipe.write import WriteSettings
from schemas.summaries.row import SummaryRow, row_schema
from schemas.waterfall import Example, GateCount, Waterfall

STAGE, GATE = "keep", "duplicates"
REASONS = {"duplicate.doc_id": "same_sample", "duplicate.text": "same_text", "duplicate.minhash": "similar_text"}
"""Rules of deduplication as reasons of a gate."""


@dataclass
class KeepStage:
    """The last step: nothing is compared here any more."""

    write: WriteSettings
    fingerprint: str
    compared: bool
    """Whether the stage before has looked for repetitions."""
    name: str = STAGE
    takes_values: bool = False

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """What the stage before has left, and what it has dropped."""
        kinds = (UNIQUE, DROPPED) if self.compared else (DOCUMENTS,)
        sources = [source_of(upstream.record, f"{ANSWERS}/{kind}") for kind in kinds]
        return Source(sources[0].path, sources[0].bytes, " ".join(source.identity for source in sources))

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing runs beside."""

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Copy rows; memory is bounded by a row group."""
        kept_from = layout.data(f"{ANSWERS}/{UNIQUE if self.compared else DOCUMENTS}", unit.name)
        dropped_from = layout.data(f"{ANSWERS}/{DROPPED}", f"{unit.name}.duplicates")
        targets = ((layout.data(KEPT, unit.name), row_schema()),)
        if self.compared:
            targets += ((layout.data(REJECTED, f"{unit.name}.duplicates"), rejected_schema()),)
        reasons, examples = Counter[str](), list[Example]()
        with ExitStack() as stack:
            writers = [
                stack.enter_context(ShardWriter(layout.uri(name), name, schema, self.write)) for name, schema in targets
            ]
            kept = _Rows(writers[0], row_schema())
            for document in read_documents(layout.uri(kept_from), ["signals"]):
                kept.add(SummaryRow.model_validate_json(document["signals"]["row"]))
            kept.end()
            progress.add(kept.count, kept=kept.count)
            if self.compared:
                rejected = _Rows(writers[1], rejected_schema())
                for document in read_documents(layout.uri(dropped_from), ["signals", "verdict", "similarity"]):
                    row = _rejected(document)
                    reasons[row.reason] += 1
                    if reasons[row.reason] <= EXAMPLES:
                        examples.append(_example(row))
                    rejected.add(row)
                rejected.end()
        total = kept.count + reasons.total()
        account = _account(layout, unit.name, total, reasons, examples)
        dropped = {f"{GATE}.{reason}": count for reason, count in sorted(reasons.items())}
        return Result(
            InputFile(path=kept_from, rows=total, bytes=0),
            (*map(only_output, writers), account),
            Counts(input=total, kept=kept.count, dropped=dropped),
        )


class _Rows:
    """Writes rows some at a time."""

    def __init__(self, writer: ShardWriter, schema: pa.Schema) -> None:
        self._writer, self._schema = writer, schema
        self._pending: list[BaseModel] = []
        self.count = 0

    def add(self, row: BaseModel) -> None:
        self._pending.append(row)
        self.count += 1
        if len(self._pending) == BATCH:
            self.end()

    def end(self) -> None:
        self._writer.write(pa.RecordBatch.from_pylist([row.model_dump() for row in self._pending], self._schema))
        self._pending = []


def _rejected(document: dict[str, object]) -> RejectedSample:
    """A repetition, and what it repeats."""
    signals, verdict, similarity = document["signals"], document["verdict"], document["similarity"]
    if not isinstance(signals, dict) or not isinstance(verdict, dict):
        raise TypeError("a dropped document without signals or verdict")
    return RejectedSample.model_validate_json(signals["rejected"]).model_copy(
        update={
            "gate": GATE,
            "reason": REASONS[verdict["rule"]],
            "score": similarity if isinstance(similarity, float) else 1.0,
            "bound": verdict["bound"],
            "detail": verdict["detail"],
        }
    )


def _example(row: RejectedSample) -> Example:
    text = row.text[:EXAMPLE_CHARACTERS]
    return Example(reason=row.reason, detail=row.detail, score=row.score, bound=row.bound, text=text)


def _account(layout: Layout, shard: str, total: int, reasons: Counter[str], examples: list[Example]) -> OutputFile:
    """The last step of the waterfall, for the report."""
    gate = GateCount(
        gate=GATE, mode="on", judged=total, failed=reasons.total(), reasons=dict(sorted(reasons.items())),
        examples=tuple(examples),
    )  # fmt: skip
    waterfall = Waterfall(generated=total, parsed=total, gates=(gate,), kept=total - reasons.total())
    content = waterfall.model_dump_json(indent=1).encode()
    path = f"{ACCOUNTS}/{shard}.{GATE}.json"
    write_bytes(layout.uri(path), content)
    return OutputFile(path=path, rows=1, bytes=len(content), digest=xxhash.xxh3_128_hexdigest(content))
