"""What is in the shards of an export, for its manifest and its card."""

# pyright: reportAttributeAccessIssue=false

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from schemas.manifest import Finding

NONE: Final = "none"
"""Stands for what documents do not say."""
DOCUMENTS: Final = "export.documents"
TOKENS: Final = "export.tokens"
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "document": ("source", "license", "language"),
    "tokens": ("source", "length"),
    "packed": ("segments",),
    "summary": ("source", "license", "language", "product", "split", "teacher", "kind"),
}
_OF_DOCUMENTS: Final = ("source", "license", "language", "product", "split", "teacher", "kind")
"""What documents and samples are counted by; documents have the first three."""


class Tally:
    """Documents by source, licence and language, or tokens by source."""

    def __init__(self) -> None:
        self.documents: dict[str, Counter[str]] = {column: Counter() for column in _OF_DOCUMENTS}
        self.tokens: Counter[str] = Counter()
        self.rows = 0

    @classmethod
    def of_findings(cls, findings: Iterable[Finding]) -> "Tally":
        """The counts that `findings` gave to a manifest."""
        tally = cls()
        for finding in findings:
            for column in _OF_DOCUMENTS:
                if finding.name.startswith(f"{DOCUMENTS}.{column}."):
                    tally.documents[column][finding.name.removeprefix(f"{DOCUMENTS}.{column}.")] = finding.count
            if finding.name.startswith(f"{TOKENS}.source."):
                tally.tokens[finding.name.removeprefix(f"{TOKENS}.source.")] = finding.count
        return tally

    @staticmethod
    def columns(contract: str) -> tuple[str, ...]:
        """The columns that are counted in shards of a contract."""
        return _COLUMNS[contract]

    def add(self, contract: str, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch."""
        self.rows += batch.num_rows
        if contract == "packed":
            segments = batch.column("segments").flatten()
            self._add_tokens(pc.struct_field(segments, "source"), pc.struct_field(segments, "length"))
        elif contract == "tokens":
            self._add_tokens(batch.column("source"), batch.column("length"))
        else:
            for column in _COLUMNS[contract]:
                for value in pc.value_counts(batch.column(column)).to_pylist():
                    self.documents[column][value["values"] or NONE] += value["counts"]

    def _add_tokens(self, source: pa.Array, length: pa.Array) -> None:
        sums = pa.table({"source": source, "length": length}).group_by("source").aggregate([("length", "sum")])
        for row in sums.to_pylist():
            self.tokens[row["source"]] += row["length_sum"]

    def findings(self) -> Iterator[Finding]:
        """A finding for each count, such as ``export.tokens.source.web``."""
        for column, counts in self.documents.items():
            for value, count in sorted(counts.items()):
                yield Finding.of(f"{DOCUMENTS}.{column}.{value}", count, f"documents whose {column} is {value}")
        for source, count in sorted(self.tokens.items()):
            yield Finding.of(f"{TOKENS}.source.{source}", count, f"tokens of documents whose source is {source}")
