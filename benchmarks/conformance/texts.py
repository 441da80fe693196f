"""The texts that references and Orchard are compared on: the main content of real pages.

python -m benchmarks.conformance.texts texts.parquet ../shared/data/web/web-dev-0*.warc.gz
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding


def page_texts(archives: Iterable[Path]) -> Iterator[str]:
    """The main content of every page, by resiliparse; pages of every language, some empty."""
    for archive in archives:
        with archive.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                body = record.reader.read()
                yield extract_plain_text(bytes_to_str(body, detect_encoding(body)), main_content=True)


def text_digest(text: str) -> str:
    """Hex of xxh3-128 over the UTF-8 bytes: names a text in the recorded verdicts."""
    return xxhash.xxh3_128_hexdigest(text.encode())


def distinct_texts(archives: Iterable[Path]) -> dict[str, str]:
    """Digest to text, each text once."""
    return {text_digest(text): text for text in page_texts(archives)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, help="Parquet file to write: digest, text")
    parser.add_argument("archives", type=Path, nargs="+", help="WARC files")
    arguments = parser.parse_args()
    texts = distinct_texts(sorted(arguments.archives))
    columns = {"digest": pa.array(texts), "text": pa.array(texts.values(), pa.large_string())}
    pq.write_table(pa.table(columns), arguments.output)
    print(f"{len(texts)} distinct texts in {arguments.output}")


if __name__ == "__main__":
    main()
