"""What a stage reads from the stage before it."""

from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.stage import Source
from schemas.manifest import OutputFile, ShardRecord


def source_of(upstream: ShardRecord | None, kind: str) -> Source:
    """The output of that kind in the record of the stage before, identified by its content.

    Raises ValueError if there is none: the stages are wired wrongly.
    """
    for output in upstream.outputs if upstream else ():
        if output.kind == kind:
            return Source(output.path, output.bytes, output.digest)
    raise ValueError(f"the stage before has written no {kind}")


def only_output(writer: ShardWriter) -> OutputFile:
    """What a writer has written, after its block.

    Raises ValueError inside the block, when nothing is known yet.
    """
    if writer.output is None:
        raise ValueError("the shard is still open")
    return writer.output
