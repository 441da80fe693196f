"""The documents that are to be deduplicated on their own, and the earlier corpora that they may repeat."""

import json
from collections.abc import Sequence

import pyarrow as pa

from pipelines.dedup.corpus import SIGNATURES
from pipelines.dedup.signatures import SETTINGS_KEY, signature_settings
from pipelines.engine.outputs.files import exists, join
from pipelines.engine.outputs.parquet import schema_of
from pipelines.engine.shard import Shard
from pipelines.read.files import InputError, InputFile, find_inputs
from schemas.recipe.deduplicate import Deduplicate
from schemas.version import SchemaVersionError, check_version


def find_documents(patterns: Sequence[str]) -> list[InputFile]:
    """The files of documents that patterns match. Raises InputError for one that holds something else."""
    files = find_inputs(patterns)
    for file in files:
        try:
            check_version(_schema(file.uri), "document")
        except SchemaVersionError as error:
            raise InputError(
                f"{file.uri}: {error}. Give the kept/*.parquet of a run; for other data run a recipe with a section "
                "`deduplicate` on it: orchard run"
            ) from error
    return files


def find_earlier(folders: Sequence[str], settings: Deduplicate) -> tuple[Shard, ...]:
    """A shard for each file of signatures in the folders of earlier runs; names tell the folders apart.

    Raises InputError if there are none, they were made with other settings, or their documents are gone.
    """
    shards = []
    reads_texts = settings.minhash or settings.lines or settings.substrings
    for number, folder in enumerate(folders):
        files = find_inputs([join(folder, SIGNATURES, "*.parquet")])
        for file in sorted(files, key=lambda file: file.relative_name):
            _check_settings(file.uri, settings)
            name = file.uri.rpartition("/")[2].removesuffix(".parquet")
            if reads_texts and not exists(join(folder, "kept", f"{name}.parquet")):
                raise InputError(f"{folder}: kept/{name}.parquet is gone, which {SIGNATURES}/{name}.parquet describes")
            shards.append(Shard(f"earlier-{number}__{name}", file))
    return tuple(shards)


def _check_settings(uri: str, settings: Deduplicate) -> None:
    found = json.loads((_schema(uri).metadata or {}).get(SETTINGS_KEY, b"{}"))
    wanted = json.loads(json.dumps(signature_settings(settings)))
    for name, value in wanted.items():
        if found.get(name) != value:
            raise InputError(
                f"{uri}: made with {name} = {found.get(name)}, this recipe has {value}: signatures of different "
                "settings cannot be compared. Take the recipe of that run, or deduplicate its kept/ again with this one"
            )


def _schema(uri: str) -> pa.Schema:
    try:
        return schema_of(uri)
    except pa.ArrowInvalid as error:
        raise InputError(f"{uri}: cannot be read as Parquet: {error}") from error
