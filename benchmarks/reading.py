"""Reading WARC files: ours against warcio and fastwarc alone, one core. Usage: reading.py WARC... (or ORCHARD_SHARED).

Ours frames, checks, decompresses bodies, decodes charsets and digests; the other two only hand out bytes.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fastwarc.warc
import warcio.archiveiterator

from pipelines.read.files import find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings


def orchard(paths: list[str]) -> Iterator[int]:
    for file in find_inputs(paths):
        for item in read_records(file, ReadSettings()):
            if isinstance(item, Record):
                yield len(item.html or "")


def fastwarc_alone(paths: list[str]) -> Iterator[int]:
    for path in paths:
        with Path(path).open("rb") as file:
            for record in fastwarc.warc.ArchiveIterator(file, record_types=fastwarc.warc.WarcRecordType.response):
                yield len(record.reader.read())


def warcio_alone(paths: list[str]) -> Iterator[int]:
    for path in paths:
        with Path(path).open("rb") as file:
            for record in warcio.archiveiterator.ArchiveIterator(file):
                if record.rec_type == "response":
                    yield len(record.content_stream().read())


def main() -> None:
    shared = os.environ.get("ORCHARD_SHARED", "../shared")
    paths = sys.argv[1:] or sorted(map(str, Path(shared).glob("data/web/*.warc.gz")))
    readers: list[Callable[[list[str]], Iterator[int]]] = [orchard, warcio_alone, fastwarc_alone]
    sizes = sum(Path(path).stat().st_size for path in paths)
    print(f"{len(paths)} files, {sizes / 1e6:.0f} MB compressed")
    print(f"{'reader':16}{'records':>9}{'CPU s':>8}{'ms/record':>11}{'records/s':>11}{'MB/s':>7}")
    for reader in readers:
        start = time.process_time()
        lengths = list(reader(paths))
        seconds = time.process_time() - start
        count, megabytes = len(lengths), sum(lengths) / 1e6
        print(
            f"{reader.__name__:16}{count:9}{seconds:8.2f}{1000 * seconds / count:11.3f}"
            f"{count / seconds:11.0f}{megabytes / seconds:7.0f}"
        )


if __name__ == "__main__":
    main()
