"""What a stage reads: an input file, or what the stage before it has written."""

from pipelines.engine.exchange import ExchangeWriter
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Source
from schemas.manifest import OutputFile, ShardRecord


def input_source(shard: Shard) -> Source:
    """The input file of a shard, identified by its name in the run, its size and its version."""
    file = shard.input
    version = file.etag or (file.modified_at.isoformat() if file.modified_at else "")
    return Source(file.uri, file.size, f"{file.relative_name} {file.size} {version}")


def source_of(upstream: ShardRecord | None, kind: str) -> Source:
    """The output of that kind in the record of the stage before, identified by its content.

    Raises ValueError if there is none: the stages are wired wrongly.
    """
    for output in upstream.outputs if upstream else ():
        if output.kind == kind:
            return Source(output.path, output.bytes, output.digest)
    raise ValueError(f"the stage before has written no {kind}")


def only_output(writer: ShardWriter | ExchangeWriter) -> OutputFile:
    """What a writer has written, after its block.

    Raises ValueError inside the block, when nothing is known yet.
    """
    if writer.output is None:
        raise ValueError("the shard is still open")
    return writer.output
