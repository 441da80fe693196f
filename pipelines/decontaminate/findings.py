"""What a shard has to say of contamination beside its counts."""

from collections import Counter, defaultdict

import pyarrow as pa

from pipelines.decontaminate.matches import example
from pipelines.decontaminate.verdicts import CUT, DROPPED, MARKED
from schemas.benchmark import benchmark_name
from schemas.contamination import NAMESPACE, RULE
from schemas.manifest import Finding, choose_examples

FATES = {
    DROPPED: "dropped since they hold an n-gram of a benchmark that is no common usage",
    CUT: "kept without the passages that hold an n-gram of a benchmark that is no common usage",
    MARKED: "kept and marked in their signals, since they hold an n-gram of a benchmark that is no common usage",
}
DROPPED_AFTER_CUT = "dropped since too little was left, or too many pieces, without what benchmarks hold too"


class ShardFindings:
    """Counts documents by fate, benchmark and n, with examples of each."""

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._documents = 0
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, tuple[str, ...]] = defaultdict(tuple)

    def add(self, documents: int, flagged: pa.RecordBatch, matches: pa.RecordBatch) -> None:
        """Take in some documents; the rows of ``flagged`` and ``matches`` are of the same pairs."""
        self._documents += documents
        seen: set[tuple[int, str]] = set()
        texts: dict[str, list[str]] = defaultdict(list)
        for place, row in zip(flagged.select(["row", "fate"]).to_pylist(), matches.to_pylist(), strict=True):
            benchmark = benchmark_name((row["suite"], row["subtask"], row["split"]))
            names = (f"fate {place['fate']}", f"benchmark {benchmark}", f"n {row['n']}")
            seen.update((place["row"], name) for name in names)
            for name in names:
                texts[name].append(example(row))
        self._counts.update(name for _, name in seen)
        for name, some in texts.items():
            self._examples[name] = choose_examples((*self._examples[name], *some))

    def findings(self) -> tuple[Finding, ...]:
        """All findings; of benchmarks and n only those that something was found of."""
        fates = {"drop": [DROPPED], "cut": [CUT, DROPPED], "mark": [MARKED]}[self._mode]
        found = []
        for fate in fates:
            name = RULE if fate == DROPPED else f"{NAMESPACE}.{fate}"
            after_cut = fate == DROPPED and self._mode == "cut"
            meaning = f"documents {DROPPED_AFTER_CUT if after_cut else FATES[fate]}"
            found.append(self._finding(f"fate {fate}", name, meaning, whole=self._documents))
        for key in sorted(self._counts):
            kind, _, name = key.partition(" ")
            if kind == "benchmark":
                meaning = f"documents that hold n-grams of {name}, of which some are of other benchmarks too"
                found.append(self._finding(key, f"{NAMESPACE}.of.{name}", meaning))
            elif kind == "n":
                meaning = f"documents that hold n-grams of {name} words; some hold n-grams of other lengths too"
                found.append(self._finding(key, f"{NAMESPACE}.n{int(name):02}", meaning))
        return tuple(found)

    def _finding(self, key: str, name: str, meaning: str, whole: int | None = None) -> Finding:
        return Finding.of(name, self._counts[key], meaning, self._examples[key], whole=whole)
