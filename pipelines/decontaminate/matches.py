"""Which items documents hold, with both passages side by side, for people to judge."""

from itertools import groupby

import pyarrow as pa

from filters.ngrams.benchmarks import BenchmarkIndex
from filters.ngrams.passages import ItemMatches
from filters.ngrams.show import item_part, passage
from pipelines.decontaminate.hit_files import PlacedHits
from schemas.benchmark import benchmark_name
from schemas.contamination import match_schema

CONTEXT = 60
"""Characters that are shown on either side of a passage."""
MOST_CHARACTERS = 600
"""Of a passage; of a longer one, beginning and end are shown."""
EXAMPLE_CHARACTERS = 320
"""The same in an example or a verdict."""


def match_rows(
    index: BenchmarkIndex, documents: pa.RecordBatch, placed: PlacedHits, matches: ItemMatches
) -> pa.RecordBatch:
    """The matches as rows of `match_schema`."""
    rows = []
    parts: dict[tuple[int, int, int], tuple[str, float]] = {}  # of items; many documents hold the same ones
    hits, lengths = placed.hits, index.ngrams.lengths
    for document, positions in groupby(range(len(matches)), lambda position: int(matches.document[position])):
        doc_id, uri, text = (documents.column(name)[document].as_py() for name in ("doc_id", "uri", "text"))
        content = text.encode()
        for position in positions:
            item, first, last = (int(each[position]) for each in (matches.item, matches.first, matches.last))
            ngram = int(hits.ngram[first])
            words = int(hits.word[last] + lengths[hits.ngram[last]] - hits.word[first])
            if (item, ngram, words) not in parts:
                parts[item, ngram, words] = item_part(index, item, ngram, words, CONTEXT)
            ours, share = parts[item, ngram, words]
            theirs = passage(content, (int(placed.start[first]), int(placed.end[last])), CONTEXT)
            benchmark = index.benchmark_of(item)
            rows.append(
                {
                    "doc_id": doc_id,
                    "uri": uri,
                    "suite": benchmark.suite,
                    "subtask": benchmark.subtask,
                    "split": benchmark.split,
                    "revision": benchmark.revision,
                    "item": index.item_ids[item].as_py(),
                    "n": int(lengths[ngram]),
                    "ngrams": int(matches.ngrams[position]),
                    "words": words,
                    "share": share,
                    "document_passage": clip(theirs, MOST_CHARACTERS),
                    "item_passage": clip(ours, MOST_CHARACTERS),
                }
            )
    return pa.RecordBatch.from_pylist(rows, match_schema())


def example(row: dict[str, object]) -> str:
    """A match in words: what the document says and, in a second line, what the item says."""
    theirs, ours = (clip(str(row[name]), EXAMPLE_CHARACTERS) for name in ("document_passage", "item_passage"))
    return f'{row["uri"]} ({row["doc_id"]}): "{theirs}"\n{item_name(row)}: "{ours}"'


def detail(row: dict[str, object]) -> str:
    """Why a document is dropped, by its match with the most n-grams."""
    theirs = clip(str(row["document_passage"]), EXAMPLE_CHARACTERS)
    return f"{item_name(row)}, {row['words']} words by n-grams of {row['n']}: {theirs}"


def item_name(row: dict[str, object]) -> str:
    """An item as one says it: gsm8k/test, item 12."""
    return f"{benchmark_name([str(row[name]) for name in ('suite', 'subtask', 'split')])}, item {row['item']}"


def clip(text: str, most: int) -> str:
    """A text of at most so many characters, without its middle if it is longer."""
    half = (most - len(" [...] ")) // 2
    return text if len(text) <= most else f"{text[:half]} [...] {text[-half:]}"
