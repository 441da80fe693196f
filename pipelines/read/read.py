"""Reading one input file, whatever its format."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pipelines.read.files import Format, InputFile
from pipelines.read.jsonl import read_jsonl
from pipelines.read.parquet import check_parquet, read_parquet
from pipelines.read.raw.source import Source, open_input
from pipelines.read.record import STAGE, Item
from pipelines.read.warc import read_warc
from schemas.document import DeadLetter, Provenance
from schemas.recipe.read import ReadSettings

_READERS: Mapping[Format, Callable[[InputFile, Source, ReadSettings], Iterator[Item]]] = {
    "warc": read_warc,
    "parquet": read_parquet,
    "jsonl": read_jsonl,
}


def check_inputs(files: Iterable[InputFile], settings: ReadSettings) -> None:
    """See before work starts that the files fit the settings. Raises InputError for a Parquet file without text."""
    for file in files:
        if file.format == "parquet" and file.size:
            check_parquet(file, settings.columns)


def read_records(file: InputFile, settings: ReadSettings) -> Iterator[Item]:
    """Everything in a file: records, skipped records, dead letters. Only the store's own errors are raised."""
    with open_input(file) as source:
        yield from read_source(file, source, settings)


def read_source(file: InputFile, source: Source, settings: ReadSettings) -> Iterator[Item]:
    """The same for a file that is open already, whose digest is wanted afterwards."""
    if not source.peek(1):
        place = Provenance(container=file.relative_name, offset=0, length=0)
        yield DeadLetter(provenance=place, stage=STAGE, error_class="EmptyFile", message=f"{file.uri} has 0 bytes")
        return
    yield from _READERS[file.format](file, source, settings)
