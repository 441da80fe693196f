"""The texts that a tokenizer is trained on: a sample of documents that shards, order and workers do not change."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from pipelines.read.files import InputFile, find_inputs
from pipelines.read.raw.source import open_input
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.strata import BINS, allocate, bins, cutoffs, hashes
from schemas.model_card import TrainingFile
from schemas.tokenizer import SampledStratum, TokenizerSettings

Report = Callable[[str], None]
"""Takes in what is being done now."""

Stratum = tuple[str, ...]


@dataclass(frozen=True, order=True, slots=True)
class SampledText:
    """A document of the sample."""

    hash: int
    doc_id: str
    stratum: Stratum
    text: str


@dataclass(frozen=True)
class Sample:
    """The documents in the order of their hashes, and where they come from."""

    documents: Sequence[SampledText]
    strata: tuple[SampledStratum, ...]
    files: tuple[TrainingFile, ...]
    digest: str
    """Hex of xxh3-128 over their ``doc_id``s, in order."""


@dataclass(frozen=True)
class _Rows:
    """Some documents."""

    doc_id: list[str]
    hash: np.ndarray
    """uint64[rows]"""
    stratum: list[Stratum]
    text: pa.LargeStringArray


class _Counts:
    """Bytes and documents of every stratum, by step of the hash. Memory: 256 KB a stratum."""

    def __init__(self) -> None:
        self.number: dict[Stratum, int] = {}
        self._bytes: list[np.ndarray] = []
        self._documents: list[np.ndarray] = []

    def add(self, rows: _Rows) -> None:
        lengths = pc.binary_length(rows.text).to_numpy()
        for stratum, places in _grouped(rows.stratum).items():
            number = self.number.setdefault(stratum, len(self.number))
            if number == len(self._bytes):
                self._bytes.append(np.zeros(BINS, np.int64))
                self._documents.append(np.zeros(BINS, np.int64))
            steps = bins(rows.hash[places])
            np.add.at(self._bytes[number], steps, lengths[places])
            np.add.at(self._documents[number], steps, 1)

    def choose(self, settings: TokenizerSettings) -> tuple[dict[Stratum, int], tuple[SampledStratum, ...]]:
        """The step of the hash that each stratum is taken up to, and what that makes."""
        names = sorted(self.number)
        by_bin = np.array([self._bytes[self.number[name]] for name in names])
        documents = np.array([self._documents[self.number[name]] for name in names])
        wanted = allocate(by_bin.sum(axis=1), settings.sample_mb * 10**6, settings.temperature)
        ends = cutoffs(by_bin, wanted)
        strata = tuple(
            SampledStratum(
                values=name,
                documents=int(documents[row].sum()),
                bytes=int(by_bin[row].sum()),
                sampled_documents=int(documents[row, : ends[row]].sum()),
                sampled_bytes=int(by_bin[row, : ends[row]].sum()),
            )
            for row, name in enumerate(names)
        )
        return dict(zip(names, ends.tolist(), strict=True)), strata


def sample_texts(patterns: Sequence[str], settings: TokenizerSettings, report: Report) -> Sample:
    """Read the documents twice: to count what there is, then to take what is wanted.

    Of each stratum those documents are taken whose hash (of ``doc_id`` and seed) is smallest. Memory: the sample, and
    one row group. Raises ``InputError`` for patterns without files, ``TokenizerError`` for files of other columns, and
    where there is no text.
    """
    inputs = find_inputs(patterns)
    _check_columns(inputs, settings)
    counts, files = _Counts(), list[TrainingFile]()
    for number, file in enumerate(inputs, 1):
        report(f"counting: file {number} of {len(inputs)}")
        records = 0
        for rows in _read(file, settings):
            counts.add(rows)
            records += len(rows.doc_id)
        files.append(TrainingFile(path=file.uri, bytes=file.size, digest=_digest(file), records=records))
    if not sum(file.records for file in files):
        raise TokenizerError(f"{', '.join(patterns)}: no document has any text")
    ends, strata = counts.choose(settings)
    taken: list[SampledText] = []
    for number, file in enumerate(inputs, 1):
        report(f"sampling: file {number} of {len(inputs)}, {len(taken):,} documents")
        for rows in _read(file, settings):
            steps, limits = bins(rows.hash), np.array([ends[stratum] for stratum in rows.stratum])
            chosen = np.flatnonzero(steps < limits)
            texts = rows.text.take(pa.array(chosen)).to_pylist()
            taken += [
                SampledText(int(rows.hash[row]), rows.doc_id[row], rows.stratum[row], text)
                for row, text in zip(chosen.tolist(), texts, strict=True)
            ]
    taken.sort()
    digest = xxhash.xxh3_128("\n".join(each.doc_id for each in taken).encode())
    return Sample(taken, strata, tuple(files), digest.hexdigest())


def _check_columns(inputs: Sequence[InputFile], settings: TokenizerSettings) -> None:
    """Raise TokenizerError for a file that is no Parquet of documents."""
    wanted = ("doc_id", "text", *settings.stratify)
    for file in inputs:
        if file.format != "parquet":
            raise TokenizerError(f"{file.uri}: documents are Parquet files; give the kept/*.parquet of a run")
        filesystem, path = fsspec.core.url_to_fs(file.uri)
        try:
            with filesystem.open(path, "rb") as opened:
                schema = pq.read_schema(opened)
        except pa.ArrowInvalid as error:
            raise TokenizerError(f"{file.uri}: cannot be read as Parquet: {error}") from error
        missing = [name for name in wanted if name not in schema.names]
        if missing:
            raise TokenizerError(
                f"{file.uri}: no column {', '.join(missing)} (it has {', '.join(schema.names)}). Give the "
                "kept/*.parquet of a run, which have all of them"
            )
        wrong = [name for name in wanted if not _is_text(schema.field(name).type)]
        if wrong:
            raise TokenizerError(f"{file.uri}: column {wrong[0]} is {schema.field(wrong[0]).type}, not text")


def _is_text(dtype: pa.DataType) -> bool:
    value = dtype.value_type if pa.types.is_dictionary(dtype) else dtype
    return pa.types.is_string(value) or pa.types.is_large_string(value)


def _read(file: InputFile, settings: TokenizerSettings) -> Iterator[_Rows]:
    """The documents of a file that have an identity and any text, a row group at a time."""
    filesystem, path = fsspec.core.url_to_fs(file.uri)
    with filesystem.open(path, "rb") as opened, pq.ParquetFile(opened) as parquet:
        for group in range(parquet.num_row_groups):
            table = parquet.read_row_group(group, columns=["doc_id", "text", *settings.stratify])
            text = table["text"].cast(pa.large_string())
            table = table.set_column(table.schema.get_field_index("text"), "text", text)
            table = table.filter(pc.and_kleene(table["doc_id"].is_valid(), pc.greater(pc.binary_length(text), 0)))
            if table.num_rows:
                doc_id = table["doc_id"].to_pylist()
                strata = zip(*(table[name].fill_null("").to_pylist() for name in settings.stratify), strict=True)
                chunks = table["text"].combine_chunks()
                yield _Rows(doc_id, hashes(doc_id, settings.seed), list(strata) or [()] * len(doc_id), chunks)


def _grouped(strata: Sequence[Stratum]) -> dict[Stratum, list[int]]:
    found: dict[Stratum, list[int]] = {}
    for place, stratum in enumerate(strata):
        found.setdefault(stratum, []).append(place)
    return found


def _digest(file: InputFile) -> str:
    with open_input(file) as source:
        while source.read(1 << 20):
            pass
        return source.hexdigest()
