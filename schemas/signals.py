"""A signal: a measured value of a document, with its type, unit, meaning and source."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Signal:
    """One column of measures.

    ``name`` is its field in the struct ``signals.<namespace>``; together they are the code of the rule on it
    (``gopher.word_count``). ``source`` says who defined it: paper section, URL or requirement.
    """

    name: str
    dtype: pa.DataType
    unit: str
    meaning: str
    source: str

    def field(self) -> pa.Field:
        """The field in its namespace, nullable, that says what it is."""
        metadata = {"unit": self.unit, "meaning": self.meaning, "source": self.source}
        return pa.field(self.name, self.dtype, metadata=metadata)
