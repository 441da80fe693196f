"""Token shards as Megatron documents: each ends with the end token, empty ones too."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.export.errors import ExportError
from schemas.token_shard import token_schema
from tests.pipelines.export.libraries import read_megatron
from tests.support.packed import END, random_documents


def write_tokens(folder, documents, bits: int) -> str:
    folder.mkdir()
    columns = {
        "doc_id": [f"{number:032x}" for number in range(len(documents))], "source": ["web"] * len(documents),
        "collection": ["crawl"] * len(documents), "length": [len(document) for document in documents],
        "tokens": documents,
    }  # fmt: skip
    schema = token_schema(bits, "0" * 32)
    columns |= {name: [None] * len(documents) for name in schema.names if name not in columns}
    pq.write_table(pa.table(columns, schema=schema), folder / "a.parquet", row_group_size=7)
    return str(folder / "a.parquet")


def by_index(prefix) -> list[list[int]]:
    """The sequences of a .bin by its .idx, read as the layout of the file says."""
    head = (prefix.with_suffix(".idx")).read_bytes()
    assert head[:9] == b"MMIDIDX\x00\x00"
    code, count, documents = head[17], *np.frombuffer(head, np.int64, 2, 18)
    ids = np.frombuffer(prefix.with_suffix(".bin").read_bytes(), {8: np.uint16, 4: np.int32}[code])
    lengths = np.frombuffer(head, np.int32, count, 34)
    assert documents == count + 1
    return [part.tolist() for part in np.split(ids, np.cumsum(lengths)[:-1])]


@pytest.mark.parametrize(("bits", "vocab_size"), [(16, 65_536), (32, 150_000)])
def test_documents_come_back_with_an_end_token(export, tmp_path, bits, vocab_size):
    documents = [[], *random_documents(60, vocab_size), []]
    manifest = export("megatron", [write_tokens(tmp_path / "in", documents, bits)], tmp_path / "out", end_id=END)
    expected = [[*document, END] for document in documents]
    assert by_index(tmp_path / "out" / "data" / "a") == expected
    assert manifest.findings[0].count == sum(map(len, documents))


def test_the_library_reads_them(export, tmp_path):
    documents = random_documents(60, 65_536)
    export("megatron", [write_tokens(tmp_path / "in", documents, 16)], tmp_path / "out", end_id=END)
    read = [sequence.tolist() for sequence in read_megatron([str(tmp_path / "out" / "data" / "a")])]
    assert read == [[*document, END] for document in documents]


def test_an_end_token_must_be_given_and_be_an_id(export, tmp_path):
    path = write_tokens(tmp_path / "in", random_documents(3, 1000), 16)
    with pytest.raises(ExportError, match="give --end-id"):
        export("megatron", [path], tmp_path / "out")
    with pytest.raises(ExportError, match="--end-id 70000 is no id"):
        export("megatron", [path], tmp_path / "out", end_id=70_000)
