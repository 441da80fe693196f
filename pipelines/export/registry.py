"""The formats by name."""

from collections.abc import Callable, Mapping
from typing import Final

from pipelines.export.errors import ExportError
from pipelines.export.format import Format
from pipelines.export.formats.arrayrecord import ArrayRecord
from pipelines.export.formats.mds import Mds
from pipelines.export.formats.megatron import Megatron
from pipelines.export.formats.parquet import TextParquet
from schemas.recipe.error import nearest

FORMATS: Final[Mapping[str, Callable[[], Format]]] = {
    "parquet": TextParquet,
    "arrayrecord": ArrayRecord,
    "mds": Mds,
    "megatron": Megatron,
}


def make_format(name: str, end_id: int | None = None) -> Format:
    """The format of that name; ``end_id`` is the end token of documents, for Megatron.

    Raises ExportError for an unknown name, or an end token that the format does not put anywhere.
    """
    if name not in FORMATS:
        hint = f"; did you mean {near}?" if (near := nearest(name, FORMATS)) else ""
        raise ExportError(f"--format {name}: there is none of that name{hint} (there are {', '.join(FORMATS)})")
    if end_id is None:
        return FORMATS[name]()
    if name != "megatron":
        raise ExportError(f"--end-id: {name} puts no token after documents; leave it out")
    return Megatron(end_id)
