"""Plans an export, and prints what came of it."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from pipelines.engine.content import content
from pipelines.engine.outputs.files import join
from pipelines.engine.outputs.layout import DATA
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Bucket, make_shards
from pipelines.engine.version import code_version, environment, library_versions
from pipelines.export.errors import ExportError
from pipelines.export.format import Contract, Format
from pipelines.export.registry import make_format
from pipelines.export.stage import ExportStage, IndexStage
from pipelines.export.tally import TOKENS
from pipelines.job.plan import Plan, make_plan
from pipelines.read.files import InputError, find_inputs
from schemas.fingerprint import fingerprint
from schemas.manifest import Manifest, RunFacts
from schemas.version import VERSION_KEY, SchemaVersionError, check_version, schema_name

_WHAT: Mapping[Contract, str] = {
    "document": "documents (the kept/*.parquet of runs)",
    "tokens": "token shards (tokens/*.parquet)",
    "packed": "packed shards",
}
_LIBRARIES = {"arrayrecord": ("array-record", "protobuf")}


def plan_export(name: str, inputs: Sequence[str], out: str, end_id: int | None = None) -> Plan:
    """Look at inputs, format and folder; nothing is written.

    Raises:
        ExportError: the format cannot be made from such shards, or lacks a package or a setting.
        InputError: an input is no shard of ours, or is of another stage or tokenizer than the others.
        ForeignOutputError: the folder holds another run.
    """
    form = make_format(name, end_id)
    files = find_inputs(inputs)
    contract = _contract([file.uri for file in files])
    if contract not in form.contracts:
        wanted = " or ".join(_WHAT[each] for each in form.contracts)
        raise ExportError(f"{files[0].uri}: --format {name} is made from {wanted}, not from {_WHAT[contract]}")
    form.check(contract)
    shards = tuple(make_shards(files))
    facts = _facts(form, end_id)
    libraries = content(library_versions() | _own_libraries(name))
    identity = fingerprint([code_version(), facts.recipe_fingerprint, libraries])
    stage = ExportStage(form, identity, f"export-{form.name}")
    phases = [Phase((stage,), shards)]
    if form.index is not None:
        names = [shard.name for shard in shards]
        phases.append(Phase((IndexStage(form.index, shards, fingerprint([identity, *names])),), (Bucket(0, 1),)))
    return make_plan(facts, out, shards, tuple(phases))


def print_export(manifest: Manifest, out: str, console: Console) -> None:
    """Rows, tokens, the cost, and where the files are."""
    wall = (manifest.timings.finished_at - manifest.timings.started_at).total_seconds()
    tokens = sum(finding.count for finding in manifest.findings if finding.name.startswith(TOKENS))
    size = sum(output.bytes for output in manifest.outputs)
    console.print(
        f"{manifest.counts.kept:,} rows{f', {tokens:,} tokens' if tokens else ''} in {len(manifest.outputs):,} files "
        f"({size / 1e6:,.1f} MB) in {wall:.1f} s, peak memory {manifest.peak_memory_bytes / 1e9:.2f} GB"
    )
    console.print(f"files:    {join(out, DATA)}/", soft_wrap=True)
    console.print(f"manifest: {join(out, 'manifest.json')}", soft_wrap=True)


def _contract(uris: Sequence[str]) -> Contract:
    """What all files hold. Raises InputError where they differ."""
    first: tuple[dict[bytes, bytes], Contract] | None = None
    for uri in uris:
        schema = _schema(uri)
        name = schema_name(schema)
        found: Contract | None = next((contract for contract in _WHAT if contract == name), None)
        if found is None:
            raise InputError(f"{uri}: holds {name or 'no data of Orchard'}; give {', '.join(_WHAT.values())}")
        try:
            check_version(schema, found)
        except SchemaVersionError as error:
            raise InputError(f"{uri}: {error}") from error
        facts = {
            key: value for key, value in schema.metadata.items() if key.startswith(b"orchard.") and key != VERSION_KEY
        }
        if first is None:
            first = (facts, found)
        elif facts != first[0]:
            raise InputError(f"{uri}: differs from {uris[0]} in {_difference(facts, first[0])}; export each on its own")
    if first is None:
        raise InputError("no input is named: give at least one file or pattern")
    return first[1]


def _difference(one: dict[bytes, bytes], other: dict[bytes, bytes]) -> str:
    keys = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
    parts = (f"{key.decode().removeprefix('orchard.')} ({one.get(key)!r}, {other.get(key)!r})" for key in keys)
    return ", ".join(parts)


def _schema(uri: str) -> pa.Schema:
    filesystem, path = fsspec.core.url_to_fs(uri)
    try:
        with filesystem.open(path, "rb") as file:
            return pq.read_schema(file)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{uri}: cannot be read as Parquet: {error}") from error


def _facts(form: Format, end_id: int | None) -> RunFacts:
    recipe = {"name": "export", "format": form.name, "end_id": end_id}
    return RunFacts(
        recipe=recipe,
        recipe_fingerprint=fingerprint(recipe),
        code_version=code_version(),
        environment=environment() | _own_libraries(form.name),
    )


def _own_libraries(name: str) -> dict[str, str]:
    """The versions of those that write a format."""
    return {library: version(library) for library in _LIBRARIES.get(name, ())}
