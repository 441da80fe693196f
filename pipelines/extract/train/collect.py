"""Reads labelled pages and makes examples of them."""

from collections.abc import Callable, Sequence

import numpy as np

from pipelines.extract.labelled import LabelledPage, read_labelled
from pipelines.extract.page import Engine
from pipelines.extract.train.examples import (
    LEAST_F1,
    Example,
    block_weights,
    labelled_blocks,
    read_page,
    true_words,
)
from pipelines.extract.train.request import ExtractorRequest
from pipelines.extract.train.weak import opinions, weak_labels

Report = Callable[[str], None]


def collect(request: ExtractorRequest, report: Report) -> list[Example]:
    """All examples, in the order of the files. Raises as ``read_labelled`` does."""
    engines = opinions() if request.weak else ()
    examples = []
    for labelled in read_labelled(request.pages, request.truth, request.index, unlabelled=request.weak):
        examples.append(example_of(labelled, engines, request.only_measure))
        if len(examples) % 50 == 0:
            report(f"read {len(examples):,} pages")
    return [example for example in examples if len(example.blocks)]


def example_of(labelled: LabelledPage, engines: Sequence[Engine], only_measure: Sequence[str]) -> Example:
    """The example that a labelled page makes; ``engines`` (none: no weak labels) are asked where no text is known."""
    page, label = labelled.page, labelled.label
    tokens, blocks, words = read_page(page)
    truth = true_words(label)
    content, found = labelled_blocks(words, truth)
    weight = np.zeros(len(words), np.float32)
    if label.source not in only_measure:
        if truth and found >= LEAST_F1[label.kind]:
            weight = block_weights(words)
        elif engines and not label.has_full_text and (weak := weak_labels(page, label, words, engines)):
            content, weight = weak
    return Example(label, tokens, blocks, words, truth, content, weight)
