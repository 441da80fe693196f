"""What the sections on repeated text take out of the documents of a shard."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.repeats.edit import Edit, edit
from filters.repeats.substrings import WORD_RANGES, passages
from filters.repeats.word_ranges import byte_ranges
from pipelines.dedup.by_row import ByRow
from pipelines.dedup.setting import Setting
from pipelines.dedup.stages.windows import WINDOWS
from pipelines.dedup.texts import line_cuts
from pipelines.dedup.verdicts import excerpt
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard

EXCERPT_BYTES = 400


@dataclass(frozen=True)
class Step:
    """One section."""

    name: str
    """As in the recipe."""
    ranges: ByRow
    """Bytes of lines, or words of passages, that go."""
    min_words_left: int


@dataclass(frozen=True)
class Passage:
    """One that is cut: the position of its document, its words, and how it begins."""

    document: int
    words: int
    text: str


@dataclass(frozen=True)
class CutTexts:
    """What became of some documents: the arrays have one entry a document.

    ``text`` (large_string) is what is left; ``bytes_before`` (int64) the length before. ``edits`` has what each section
    did. ``dropped_by`` (int8) is the position of the section that left too little, -1 where the document stays.
    """

    text: pa.LargeStringArray
    bytes_before: np.ndarray
    edits: tuple[Edit, ...]
    dropped_by: np.ndarray
    passages: tuple[Passage, ...]


def read_steps(setting: Setting, layout: Layout, shard: Shard) -> tuple[Step, ...]:
    """The sections of the recipe that cut texts, with what they cut from the documents of a shard."""
    steps: list[Step] = []
    if setting.recipe.lines is not None:
        steps.append(Step("lines", line_cuts(setting, layout, shard), setting.recipe.lines.min_words_left))
    if setting.recipe.substrings is not None:
        found = WINDOWS.found_of(setting, layout, shard)
        merged = passages(*(found.column(name).to_numpy() for name in WORD_RANGES.names))
        ranges = ByRow.of_nodes(*(merged.column(name).to_numpy() for name in WORD_RANGES.names))
        steps.append(Step("substrings", ranges, setting.recipe.substrings.min_words_left))
    return tuple(steps)


def cut_texts(steps: tuple[Step, ...], text: pa.LargeStringArray, rows: np.ndarray) -> CutTexts:
    """Cut the texts of some documents (of these rows of the shard)."""
    bytes_before = pc.binary_length(text).cast(pa.int64()).to_numpy(zero_copy_only=False)
    edits: list[Edit] = []
    dropped_by = np.full(len(rows), -1, np.int8)
    found: list[Passage] = []
    for position, step in enumerate(steps):
        document, start, end = step.ranges.of(rows)
        if step.name == "substrings":
            first, last = start, end
            start, end = _bytes_of_words(text, document, first, last)
            found += _passages(text, document, (start, end), last - first)
        edited = edit(text, document, start, end, min_words=step.min_words_left)
        dropped_by[edited.too_short & (dropped_by < 0)] = position
        edits.append(edited)
        text = edited.text
    return CutTexts(text, bytes_before, tuple(edits), dropped_by, tuple(found))


def _bytes_of_words(
    text: pa.LargeStringArray, document: np.ndarray, first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`byte_ranges`; only the texts that they lie in are looked at."""
    chosen = np.unique(document)
    return byte_ranges(text.take(pa.array(chosen)), np.searchsorted(chosen, document), first, last)


def _passages(
    text: pa.LargeStringArray, document: np.ndarray, span: tuple[np.ndarray, np.ndarray], words: np.ndarray
) -> Iterator[Passage]:
    """The first passage of each document."""
    _, entries = np.unique(document, return_index=True)
    for entry in entries.tolist():
        data = memoryview(text[int(document[entry])].as_buffer())
        start, end = int(span[0][entry]), min(int(span[1][entry]), int(span[0][entry]) + EXCERPT_BYTES)
        yield Passage(int(document[entry]), int(words[entry]), excerpt(bytes(data[start:end]).decode(errors="ignore")))
