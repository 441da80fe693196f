"""The rules on pages before extraction: blocks of records in, judged records out."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from filters.apply import PreparedStep, measure_steps
from filters.batch import Batch
from filters.decide import Rule, decide
from pipelines.read.record import Record
from pipelines.web.stages.documents import Judged

PAGES_PER_BLOCK = 64
CHARACTERS_PER_BLOCK = 4 << 20
"""Pages judged together; bounds what waits in memory."""


def judge_pages(records: Iterable[Record], steps: Sequence[PreparedStep], measure_all: bool) -> Iterator[Judged]:
    """Judge records block by block, in order."""
    for block in _blocks(records):
        yield from _judge(block, steps, measure_all)


def _blocks(records: Iterable[Record]) -> Iterator[list[Record]]:
    block: list[Record] = []
    characters = 0
    for record in records:
        block.append(record)
        characters += len(record.html or record.text or "")
        if len(block) >= PAGES_PER_BLOCK or characters >= CHARACTERS_PER_BLOCK:
            yield block
            block, characters = [], 0
    if block:
        yield block


def _judge(block: list[Record], steps: Sequence[PreparedStep], measure_all: bool) -> list[Judged]:
    is_read = any(prepared.step.reads_text for prepared in steps)  # copying whole pages costs more than address rules
    batch = Batch(
        text=pa.array([(record.html or record.text or "") if is_read else "" for record in block], pa.large_string()),
        uri=pa.array([record.uri for record in block], pa.string()),
        language=pa.nulls(len(block), pa.string()),
    )
    measured = measure_steps(batch, steps, measure_all)
    rules = [Rule(code, bound) for prepared in steps for code, bound in prepared.step.rules().items()]
    verdicts = decide(measured.signals, rules, measured.details, "extract", len(block)).to_pylist()
    signals = {space: values.to_pylist() for space, values in measured.signals.items()}
    return [
        Judged(record, verdicts[row], {space: values[row] for space, values in signals.items()})
        for row, record in enumerate(block)
    ]
