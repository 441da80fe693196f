"""The memory of a run: which units of which stage are done, and with what result."""

import json
from collections.abc import Sequence

from pydantic import ValidationError

from pipelines.engine.outputs.files import list_files, read_bytes, size, write_bytes
from pipelines.engine.outputs.layout import STAGES, Layout
from pipelines.engine.shard import Unit
from pipelines.engine.stage import AnyStage, Globals, Source
from schemas.fingerprint import fingerprint
from schemas.manifest import ShardRecord

VALUES = "records/values.json"
"""Results over all shards, such as thresholds by percentile."""


class ForeignOutputError(Exception):
    """The output folder holds shards of inputs that this run does not have."""


def unit_fingerprint(stage: AnyStage, source: Source, values: Globals) -> str:
    """What a unit's output depends on: the stage, the content it reads, and global results."""
    return fingerprint([stage.fingerprint, source.identity, dict(values) if stage.takes_values else {}])


def load_record(layout: Layout, stage: str, shard: str) -> ShardRecord | None:
    """The record of a shard, None if there is none that this version can read."""
    try:
        return ShardRecord.model_validate_json(read_bytes(layout.uri(layout.record(stage, shard))))
    except (FileNotFoundError, ValidationError):
        return None


def save_record(layout: Layout, record: ShardRecord) -> None:
    """Write the record: the last act of a shard, which makes it count as done."""
    write_bytes(layout.uri(layout.record(record.stage, record.shard)), record.model_dump_json(indent=1).encode())


def outputs_exist(layout: Layout, record: ShardRecord, *, only_final: bool = False) -> bool:
    """Whether the files that the record names are there with the size it names, perhaps only those for the user."""
    outputs = [output for output in record.outputs if not (only_final and output.path.startswith(f"{STAGES}/"))]
    return all(size(layout.uri(output.path)) == output.bytes for output in outputs)


def refuse_foreign(layout: Layout, stages: Sequence[AnyStage], units: Sequence[Unit]) -> None:
    """Raise ForeignOutputError if the folder holds shards of other inputs: its sums would be of a mixture."""
    names = {unit.name for unit in units}
    for stage in stages:
        foreign = [f for f in list_files(layout.uri(f"records/{stage.name}"), ".json") if f[:-5] not in names]
        if foreign:
            raise ForeignOutputError(
                f"{layout.out} already holds {len(foreign)} shard(s) of other inputs, such as {foreign[0][:-5]!r}: "
                "give those inputs too, or choose another --out"
            )


def save_values(layout: Layout, values: Globals) -> None:
    """Keep the results over all shards for the next run and for the manifest."""
    write_bytes(layout.uri(VALUES), json.dumps(dict(sorted(values.items()))).encode())


def load_values(layout: Layout) -> Globals:
    """The results over all shards of the last run, none if there was none.

    They need no fingerprint: if a shard that they were made from has changed, the last stage's record of that shard
    names another input, and everything that depends on them runs again.
    """
    try:
        return json.loads(read_bytes(layout.uri(VALUES)))
    except FileNotFoundError:
        return {}
