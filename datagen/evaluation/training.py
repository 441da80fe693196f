"""Texts of training: the payloads of files that it is made from, or the rows that were made of them."""

from collections.abc import Iterator, Sequence

import fsspec
import pyarrow.parquet as pq

from datagen.payloads.read import read_payloads
from datagen.payloads.reading import Unreadable
from datagen.payloads.render import render
from datagen.products.wording import content_of
from datagen.run.inputs import find_payload_files
from pipelines.read.files import InputError, find_inputs
from schemas.version import schema_name

ROWS = ".parquet"
Text = tuple[str, str]
"""Seed family and text of a payload."""


def training_texts(patterns: Sequence[str]) -> Iterator[Text]:
    """What rows (``kept/*.parquet``) or files of payloads hold. Memory: a row group, or what a reader needs.

    Raises InputError: nothing matches, or a Parquet file has no rows of ours.
    """
    for pattern in patterns:
        if pattern.endswith(ROWS):
            for file in find_inputs([pattern]):
                yield from _of_rows(file.uri)
        else:
            for file in find_payload_files([pattern]):
                for read in read_payloads(file.uri):
                    if not isinstance(read, Unreadable):
                        yield read.family, render(read)


def _of_rows(uri: str) -> Iterator[Text]:
    with fsspec.open(uri, "rb") as file, pq.ParquetFile(file) as rows:
        if schema_name(rows.schema_arrow) != "summary":
            raise InputError(f"{uri}: holds no rows of `orchard generate`: give its kept/*.parquet")
        for batch in rows.iter_batches(columns=["family", "messages"]):
            for row in batch.to_pylist():
                yield row["family"], content_of(row["messages"][0]["content"])
