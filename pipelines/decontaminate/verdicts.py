"""What becomes of documents that hold benchmarks: they are dropped, cut or marked, and say why."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.decide import VERDICT_TYPE
from filters.ngrams.cut import Cutting, cut_passages
from filters.ngrams.index import NgramIndex
from filters.ngrams.match import Hits
from filters.ngrams.passages import Measures
from pipelines.decontaminate.matches import detail
from schemas.contamination import NAMESPACE, RULE, SIGNALS
from schemas.recipe.decontaminate import Decontaminate

STAGE = "decontaminate"
BOUND = "<= 0"
DROPPED, CUT, MARKED = "dropped", "cut", "marked"
NOTHING_LEFT = "too little is left without "
"""Before the reason, where a document was to be cut."""


@dataclass(frozen=True)
class Fates:
    """What becomes of some documents, by position."""

    of: dict[int, str]
    """`DROPPED`, `CUT` or `MARKED`, of those that hold evidence."""
    texts: dict[int, str]
    """What is left of those that were cut."""

    def mask(self, fate: str, documents: int) -> np.ndarray:
        """bool[documents]: those of one fate."""
        mask = np.zeros(documents, np.bool_)
        mask[[position for position, each in self.of.items() if each == fate]] = True
        return mask


def decide_fates(recipe: Decontaminate, texts: pa.LargeStringArray, hits: Hits, index: NgramIndex) -> Fates:
    """The fate of every document in which a hit lies; ``hits`` are evidence, in the order of documents."""
    flagged = np.unique(hits.document).tolist()
    if recipe.mode != "cut":
        return Fates(dict.fromkeys(flagged, DROPPED if recipe.mode == "drop" else MARKED), {})
    cutting = Cutting(recipe.context, recipe.min_piece, recipe.max_pieces)
    fates, left = dict[int, str](), dict[int, str]()
    for document in flagged:
        first, last = np.searchsorted(hits.document, (document, document + 1))
        lengths = index.lengths[hits.ngram[first:last]].tolist()
        text = cut_passages(texts[document].as_py(), zip(hits.word[first:last].tolist(), lengths, strict=True), cutting)
        fates[document] = DROPPED if text is None else CUT
        if text is not None:
            left[document] = text
    return Fates(fates, left)


def cut_texts(texts: pa.LargeStringArray, fates: Fates) -> pa.LargeStringArray:
    """The texts, those that were cut as they are now."""
    if not fates.texts:
        return texts
    new = pa.array([text for _, text in sorted(fates.texts.items())], texts.type)
    return pc.replace_with_mask(texts, pa.array(fates.mask(CUT, len(texts))), new)


def signals(documents: pa.RecordBatch, measures: Measures, dtype: pa.StructType) -> pa.StructArray:
    """The documents' signals with those of contamination, as ``dtype`` says."""
    by_name = {"ngrams": measures.ngrams, "longest": measures.longest}
    own = pa.StructArray.from_arrays(
        [pa.array(by_name[signal.name], signal.dtype) for signal in SIGNALS], fields=list(dtype.field(NAMESPACE).type)
    )
    spaces = [
        own if space.name == NAMESPACE else pc.struct_field(documents.column("signals"), space.name) for space in dtype
    ]
    return pa.StructArray.from_arrays(spaces, fields=list(dtype))


def verdicts(
    dropped: Sequence[int], measures: Measures, matches: Sequence[dict[str, object]], mode: str
) -> pa.StructArray:
    """The verdict of each dropped document (position); ``matches`` are the best of each, in the same order."""
    prefix = NOTHING_LEFT if mode == "cut" else ""
    return pa.StructArray.from_arrays(
        [
            pa.repeat(STAGE, len(dropped)),
            pa.repeat(RULE, len(dropped)),
            pa.array(measures.ngrams[list(dropped)].astype(np.float64)),
            pa.repeat(BOUND, len(dropped)),
            pa.array([f"{prefix}{detail(match)}" for match in matches], pa.string()),
        ],
        fields=list(VERDICT_TYPE),
    )
