"""How right the results are; each text is compared with the true one once, also over runs."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import xxhash

from benchmarks.extraction.measure import Result
from benchmarks.extraction.store import Store
from benchmarks.extraction.watch import Watch
from pipelines.extract import scoring
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import (
    Bag,
    Score,
    Snippets,
    bag_of_characters,
    bag_of_runs,
    bag_of_words,
    compare,
    score_snippets,
)


class Judged(NamedTuple):
    """How right a result is, on a page whose full text is known."""

    words: Score
    order: Score
    characters: Score


def judge(
    pages: Sequence[LabelledPage], results: Mapping[str, Sequence[Result]], cache: Path | None, watch: Watch
) -> dict[str, list[Judged | None]]:
    """Scores by engine where the full text is known, None elsewhere."""
    judged: dict[str, list[Judged | None]] = {name: [] for name in results}
    watch.begin("scoring", len(pages))
    with Store(Judged, cache / f"scores-{_way_of_scoring()}.jsonl" if cache else None) as store:
        for place, page in enumerate(pages):
            true = Truth(page.label.text) if page.label.has_full_text else None
            for name, each in results.items():
                judged[name].append(true.judge(each[place].text, store) if true else None)
            watch.advance(1, "")
    return judged


class Truth:
    """A true text; counted once for all engines, and only if a score is not known."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bags: tuple[Bag, ...] = ()

    def judge(self, found: str, store: Store[Judged]) -> Judged:
        key = xxhash.xxh3_128_hexdigest(f"{found}\0{self._text}".encode("utf-8", "surrogatepass"))
        return store.remember(key, lambda: self._compare(found))

    def _compare(self, found: str) -> Judged:
        self._bags = self._bags or bags(self._text)
        return Judged(*map(compare, bags(found), self._bags))


def bags(text: str) -> tuple[Bag, ...]:
    """What the scores of ``Judged`` compare."""
    return bag_of_words(text), bag_of_runs(text), bag_of_characters(text)


def _way_of_scoring() -> str:
    return xxhash.xxh3_64_hexdigest(Path(scoring.__file__).read_bytes())


def judge_snippets(pages: Iterable[LabelledPage], results: Iterable[Result]) -> list[Snippets]:
    """What of each page's passages is as it should be; all zeros where none are known."""
    return [
        score_snippets(result.text, page.label.wanted, page.label.unwanted)
        for page, result in zip(pages, results, strict=True)
    ]
