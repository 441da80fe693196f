"""Checks an account against what was found: a manifest's files and sums against the files of a run's folder."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from schemas.manifest import ConservationError, Manifest, OutputFile
from schemas.validation.outputs import Checked
from schemas.validation.violation import Violation, ViolationError, show
from schemas.version import SCHEMA_VERSION, readable

KINDS = {
    "kept": "document",
    "dropped": "dropped",
    "dead-letters": "dead-letter",
    "matches": "contamination-match",
    "benchmarks": "benchmark-item",
    "tokens": "tokens",
}
"""The contract of the files in each folder of a run."""
GENERATED = {
    "kept": "summary",
    "rejected": "rejected-sample",
    "failures": "failed-request",
    "dead-letters": "dead-letter",
}
"""The same for a run of a generation."""
_KEPT = ("document", "tokens", "summary")
"""A run makes one of these."""
_COUNTED = {"dropped": ("dropped", "rejected-sample", "failed-request"), "dead_letters": ("dead-letter",)}
"""Which contracts' rows the fields of the manifest's counts are of."""


def kinds_of(manifest: Manifest) -> Mapping[str, str]:
    """The contract of the files in each folder of this run."""
    return GENERATED if any(output.kind in ("rejected", "failures") for output in manifest.outputs) else KINDS


@dataclass(frozen=True)
class FoundFile:
    """A file of a run as it lies there."""

    bytes: int
    digest: str
    checked: Checked


def read_manifest(name: str, text: str | bytes) -> Manifest:
    """Parse a manifest. Raises ViolationError if it is none, is of another version, or its sums do not add up."""
    try:
        manifest = Manifest.model_validate_json(text)
    except ConservationError as error:
        raise ViolationError(Violation(name, str(error))) from error
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(str(part) for part in first["loc"])
        value = show(first["input"])
        raise ViolationError(Violation(name, first["msg"], column=column or None, value=value)) from error
    for contract, version in manifest.schema_versions.items():
        if not readable(version):
            message = f"version {version} of {contract} cannot be read by version {SCHEMA_VERSION}"
            raise ViolationError(Violation(name, message, column="schema_versions"))
    return manifest


def compare_file(name: str, listed: OutputFile, found: FoundFile) -> None:
    """Raise ViolationError unless a file is what the manifest says of it."""
    pairs = {
        "rows": (listed.rows, found.checked.rows),
        "bytes": (listed.bytes, found.bytes),
        "digest": (listed.digest, found.digest),
    }
    for what, (expected, value) in pairs.items():
        if expected != value:
            raise ViolationError(Violation(name, f"the manifest says {what} {expected}, the file has {value}"))


def compare_names(manifest_name: str, manifest: Manifest, present: Collection[str]) -> Iterator[Violation]:
    """Files that the manifest lists and that are not there, and the reverse; names relative to the run's folder."""
    listed = {output.path for output in manifest.outputs if output.kind in kinds_of(manifest)}
    for path in sorted(listed - set(present)):
        yield Violation(path, f"is missing, but {manifest_name} lists it")
    for path in sorted(set(present) - listed):
        yield Violation(path, f"is not listed in {manifest_name}: it is of another run, or the run has not ended")


def compare_sums(manifest_name: str, manifest: Manifest, found: Mapping[str, FoundFile]) -> Iterator[Violation]:
    """Differences between the counts of the manifest and the rows of the files, by rule and by class of error."""
    tallies = {field: Counter[str]() for field in _COUNTED}
    kept = 0
    for file in found.values():
        kept += file.checked.rows if file.checked.contract in _KEPT else 0
        for field, contracts in _COUNTED.items():
            if file.checked.contract in contracts:
                tallies[field].update(file.checked.tally)
    if manifest.counts.kept != kept:
        yield _difference(manifest_name, "counts.kept", manifest.counts.kept, kept)
    for field, tally in tallies.items():
        counted: Mapping[str, int] = getattr(manifest.counts, field)
        for key in sorted({*counted, *tally}):
            if counted.get(key, 0) != tally[key]:
                yield _difference(manifest_name, f"counts.{field}.{key}", counted.get(key, 0), tally[key])


def _difference(manifest_name: str, column: str, counted: int, found: int) -> Violation:
    return Violation(manifest_name, f"but the files have {found} rows", column=column, value=str(counted))
