"""What a finished folder holds: its parts, their counts, and the account of how they were made."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pyarrow as pa

from pipelines.engine.outputs.files import exists, join, read_bytes
from pipelines.engine.outputs.layout import DATA, KEPT, TOKENS, Layout
from pipelines.engine.outputs.parquet import row_groups, schema_of
from pipelines.export.tally import Tally
from pipelines.read.files import InputError
from schemas.generation.report import GenerationReport
from schemas.manifest import Manifest, OutputFile
from schemas.packed_shard import PackedFacts, read_facts
from schemas.validation.runs import read_manifest
from schemas.validation.violation import ViolationError
from schemas.version import schema_name

PACKED: Final = "packed"
"""The folder with a folder for each stage."""
_WHAT: Final[Mapping[str, str]] = {
    "document": "documents",
    "tokens": "documents as tokens",
    "packed": "sequences",
    "summary": "samples",
}


@dataclass(frozen=True)
class Part:
    """Files of one kind, that are loaded together."""

    folder: str
    """Relative to the whole: ``kept``, ``packed/core``."""
    files: tuple[OutputFile, ...]
    contract: str | None
    """``document``, ``tokens``, ``packed``, ``summary``; None for files that are no Parquet, or of no contract."""
    schema: pa.Schema | None
    """Of the first file; None where they are no Parquet."""
    tally: Tally

    @property
    def name(self) -> str:
        """Names it among the parts: ``core`` of ``packed/core``."""
        return self.folder.rpartition("/")[2]

    @property
    def what(self) -> str:
        """What a row is."""
        return _WHAT.get(self.contract or "", "rows")

    @property
    def pattern(self) -> str:
        """Finds its files, relative to the whole."""
        return f"{self.folder}/*.parquet" if self.schema is not None else f"{self.folder}/*"

    @property
    def rows(self) -> int:
        """Over all files."""
        return sum(file.rows for file in self.files)

    @property
    def bytes(self) -> int:
        """Over all files."""
        return sum(file.bytes for file in self.files)

    @property
    def facts(self) -> PackedFacts | None:
        """What holds for all sequences of a packed part."""
        return read_facts(self.schema) if self.schema is not None and self.contract == "packed" else None


@dataclass(frozen=True)
class Folder:
    """A folder of a run that has ended."""

    uri: str
    manifest: Manifest
    parts: tuple[Part, ...]
    """The largest first: what is loaded where nobody names a part."""

    def counts(self, column: str) -> Counter[str]:
        """Documents by source, license or language, over all parts."""
        return sum((part.tally.documents[column] for part in self.parts), Counter[str]())

    @property
    def report(self) -> GenerationReport | None:
        """The account of a generation; None of other runs."""
        if all(part.contract != "summary" for part in self.parts):
            return None
        return GenerationReport.model_validate_json(read_bytes(join(self.uri, "report.json")))

    @property
    def tokens(self) -> Counter[str]:
        """Tokens by source, over all parts."""
        return sum((part.tally.tokens for part in self.parts), Counter[str]())


def read_folder(uri: str) -> Folder:
    """Read the manifest of a run, and what its files hold; memory is a row group of a few columns.

    Raises InputError for a folder whose run has not ended, whose manifest cannot be read, that has no data, or that
    lacks a file of it.
    """
    try:
        manifest = read_manifest(join(uri, "manifest.json"), read_bytes(join(uri, Layout.manifest("run"))))
    except FileNotFoundError as error:
        raise InputError(
            f"{uri}: has no manifest.json: give the folder of a run that has ended, the --out of run, mix or export"
        ) from error
    except ViolationError as error:
        raise InputError(str(error.violation)) from error
    data = sorted((file for file in manifest.outputs if _is_data(file)), key=lambda file: (file.kind, file.path))
    if missing := next((file.path for file in data if not exists(join(uri, file.path))), None):
        raise InputError(
            f"{uri}: its manifest lists {missing}, which is not there: bring it back, or run the same command again"
        )
    parts = [_part(uri, folder, tuple(files), manifest) for folder, files in groupby(data, lambda file: file.kind)]
    if not parts:
        raise InputError(f"{uri}: its manifest lists nothing in {KEPT}/, {TOKENS}/, {PACKED}/ or {DATA}/")
    return Folder(uri, manifest, tuple(sorted(parts, key=lambda part: -part.bytes)))


def _is_data(file: OutputFile) -> bool:
    return file.kind in (KEPT, TOKENS, DATA) or file.kind.startswith(f"{PACKED}/")


def _part(uri: str, folder: str, files: Sequence[OutputFile], manifest: Manifest) -> Part:
    if not files[0].path.endswith(".parquet"):
        return Part(folder, tuple(files), None, None, Tally.of_findings(manifest.findings))
    schema = schema_of(join(uri, files[0].path))
    contract = schema_name(schema)
    if contract is None:
        return Part(folder, tuple(files), None, schema, Tally.of_findings(manifest.findings))
    return Part(folder, tuple(files), contract, schema, _count(contract, [join(uri, file.path) for file in files]))


def _count(contract: str, uris: Iterable[str]) -> Tally:
    tally = Tally()
    for uri in uris:
        for batch in row_groups(uri, list(Tally.columns(contract))):
            tally.add(contract, batch)
    return tally
