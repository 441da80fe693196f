"""What a tokenization adds up: documents, bytes of text and tokens of every source class, and what failed."""

# pyright: reportAttributeAccessIssue=false

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tokenize.tokenizer import Tokens
from schemas.manifest import Counts, Finding

DOCUMENTS, BYTES, TOKENS = "tokenize.documents", "tokenize.text_bytes", "tokenize.tokens"
"""Names of findings, followed by a dot and the source class."""
_MEANINGS: Final = {
    DOCUMENTS: "documents of source {}",
    BYTES: "bytes of UTF-8 in the documents of source {}",
    TOKENS: "tokens of the documents of source {}",
}


@dataclass
class Tally:
    """Sums over a shard."""

    dead_letters: Counter[str] = field(default_factory=Counter)
    """By class of error."""
    _sums: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By the name of the finding, then by source class."""

    def add(self, documents: pa.RecordBatch, tokens: Tokens) -> None:
        """Count a block: its columns ``source`` and ``text``, and the tokens of each text."""
        sources = documents.column("source").dictionary_encode()
        numbers = sources.indices.to_numpy()
        sizes = pc.binary_length(documents.column("text")).fill_null(0).to_numpy(zero_copy_only=False)
        for number, source in enumerate(sources.dictionary.to_pylist()):
            rows = numbers == number
            self._sums[DOCUMENTS][source] += int(rows.sum())
            self._sums[BYTES][source] += int(sizes[rows].sum())
            self._sums[TOKENS][source] += int(np.diff(tokens.offsets)[rows].sum())

    def counts(self) -> Counts:
        """Every document is kept."""
        kept, failed = sum(self._sums[DOCUMENTS].values()), sum(self.dead_letters.values())
        return Counts(input=kept + failed, kept=kept, dead_letters=dict(sorted(self.dead_letters.items())))

    def findings(self) -> tuple[Finding, ...]:
        """The sums, for the manifest."""
        return tuple(
            Finding.of(f"{name}.{source}", count, _MEANINGS[name].format(source))
            for name, sums in sorted(self._sums.items())
            for source, count in sorted(sums.items())
        )


def by_source(findings: Sequence[Finding], name: str) -> Mapping[str, int]:
    """The sums of that name in a manifest, by source class."""
    prefix = f"{name}."
    return {found.name.removeprefix(prefix): found.count for found in findings if found.name.startswith(prefix)}
