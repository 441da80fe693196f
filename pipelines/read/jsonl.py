"""JSON lines, plain, gzip or zstd, as records."""

import json
from collections.abc import Iterator

from pipelines.read.files import InputFile
from pipelines.read.raw.compression import decompressed
from pipelines.read.raw.source import Source
from pipelines.read.raw.window import Broken, Window
from pipelines.read.record import STAGE, Item
from pipelines.read.rows import row_to_record
from schemas.document import DeadLetter, Provenance
from schemas.recipe.read import ReadSettings

_OVERHEAD = 4
"""A line may be this many times as long as the longest text: it has escapes and other fields."""


def read_jsonl(file: InputFile, source: Source, settings: ReadSettings) -> Iterator[Item]:
    """The lines of a file, each as a record or a dead letter that names its line; blank lines are passed over.

    Where the compression breaks, the rest of the file is one dead letter. Memory: one line.
    """
    window = Window(decompressed(source, file.relative_name, settings.max_decompression_ratio))
    max_line_bytes = _OVERHEAD * settings.max_record_bytes
    number, told = 0, None
    while not window.at_end():
        number += 1
        place = Provenance(container=file.relative_name, offset=window.position)
        try:
            line = _next_line(window, max_line_bytes)
            if not line.strip():
                continue
            place = place.model_copy(update={"length": len(line)})
            yield row_to_record(_parse(line), place, settings.columns, settings.max_record_bytes)
        except Broken as broken:
            told = broken
            yield _dead_letter(broken, place, number)
    if window.broken and window.broken is not told:  # it breaks right behind a line
        place = Provenance(container=file.relative_name, offset=window.position)
        yield _dead_letter(window.broken, place, number + 1)


def _next_line(window: Window, max_bytes: int) -> bytes:
    """The next line, and the window behind it. Raises Broken: too long, or the file breaks off in it."""
    end = window.find(b"\n", max_bytes)
    size = window.fill(max_bytes) if end is None else end + 1
    if end is None and size >= max_bytes:
        window.skip_past(b"\n")
        raise Broken("RecordTooLarge", f"the line has more than {max_bytes} bytes")
    line = window.peek(0, size)
    window.skip(size)
    if window.broken and end is None:
        raise window.broken
    return line


def _parse(line: bytes) -> dict[str, object]:
    """The object in a line. Raises Broken for anything else."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Broken("InvalidUtf8", f"the line is not UTF-8: {error}") from error
    except (ValueError, RecursionError) as error:
        raise Broken("InvalidJson", f"the line is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise Broken("WrongType", f"the line holds a {type(row).__name__}, not an object")
    return row


def _dead_letter(broken: Broken, place: Provenance, number: int) -> DeadLetter:
    message = f"line {number}: {broken.message}"
    return DeadLetter(provenance=place, stage=STAGE, error_class=broken.error_class, message=message)
