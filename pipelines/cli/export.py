"""`orchard export`: shards in the formats that trainers read."""

import os
from typing import Annotated

import typer

from pipelines.cli.options import MoreInputs, OutOption, WorkersOption


def export(  # noqa: PLR0917
    form: Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="parquet, arrayrecord, mds or megatron.")],
    inputs: Annotated[
        list[str],
        typer.Option("--input", "-i", metavar="GLOB", help="Documents, token shards or packed shards: Parquet files."),
    ],
    out: OutOption,
    more: MoreInputs = None,
    end_id: Annotated[
        int | None,
        typer.Option(min=0, metavar="ID", help="Megatron from token shards: put after each document (2: </s>)."),
    ] = None,
    workers: WorkersOption = None,
) -> None:
    """Write shards for a trainer: the same ids in the same order, in files of the same names.

    \b
      parquet      documents, with row groups of 1,024 rows: nanochat, datasets
      arrayrecord  documents, or packed sequences with labels, segments and
                   positions: Grain, AXLearn, MaxText
      mds          documents, or packed sequences with the lengths of segments:
                   StreamingDataset, LLM Foundry
      megatron     token shards (documents), or packed sequences: Megatron, NeMo

    \b
    Examples:
      orchard export -f arrayrecord -i 'mixed/packed/core/*.parquet' -o export/arrayrecord
      orchard export -f megatron -i 'tokens/tokens/*.parquet' --end-id 2 -o export/megatron
      orchard export -f parquet -i 'out/kept/*.parquet' -o export/text
    """
    from datetime import UTC, datetime

    from rich.console import Console

    from pipelines.engine.job import RunOptions
    from pipelines.job.export import plan_export, print_export
    from pipelines.job.run import run_plan

    console, started = Console(), datetime.now(UTC)
    plan = plan_export(form, [*inputs, *(more or [])], out, end_id)
    manifest = run_plan(plan, RunOptions(workers=workers or os.cpu_count() or 1), console, started)
    print_export(manifest, out, console)
