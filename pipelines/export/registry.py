"""The formats by name."""

from typing import Final

from pipelines.export.errors import ExportError
from pipelines.export.format import Format
from pipelines.export.formats.arrayrecord import ArrayRecord
from pipelines.export.formats.mds import Mds
from pipelines.export.formats.megatron import Megatron
from pipelines.export.formats.parquet import TextParquet
from schemas.recipe.error import nearest

NAMES: Final = ("parquet", "arrayrecord", "mds", "megatron")


def make_format(name: str, end_id: int | None = None) -> Format:
    """The format of that name; ``end_id`` is the end token of documents, for Megatron.

    Raises ExportError for an unknown name, or an end token that the format does not put anywhere.
    """
    if name == "megatron":
        return Megatron(end_id)
    if end_id is not None:
        raise ExportError(f"--end-id: {name} puts no token after documents; leave it out")
    if name == "parquet":
        return TextParquet()
    if name == "arrayrecord":
        return ArrayRecord()
    if name == "mds":
        return Mds()
    hint = f"; did you mean {near}?" if (near := nearest(name, NAMES)) else ""
    raise ExportError(f"--format {name}: there is none of that name{hint} (there are {', '.join(NAMES)})")
