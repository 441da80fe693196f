"""From real texts to every format: what the trainers' libraries read back are the mixed tokens, in the same order."""

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sentencepiece
from rich.console import Console

from pipelines.engine.job import RunOptions
from pipelines.job.tokenization import plan_tokenization
from pipelines.mix.reading import PackedStage
from pipelines.mix.run import plan_mix, run_mix
from schemas.recipe.foreign import Foreign
from schemas.recipe.load import load_mixture
from schemas.recipe.read import Columns, ReadSettings
from schemas.recipe.tokenize import Tokenize
from tests.pipelines.export.libraries import read_array_records, read_mds, read_megatron
from tests.support.sequential import run_sequentially
from tests.support.tokenizers import sentencepiece_model

pytestmark = pytest.mark.slow

MIXTURE = """\
name: two-stages
frame: {begin: "<s>", end: "</s>", padding: "</s>"}
stages:
  - name: core
    tokens: 60000
    sequence_length: 256
    excludes: [licensed]
    mix: {web: {weight: 0.6}, code: {weight: 0.4}}
  - name: continued
    tokens: 30000
    sequence_length: 1024
    teacher: true
    mix: {web: {weight: 0.3}, code: {weight: 0.5}, licensed: {weight: 0.2}}
"""
INPUTS = {
    "code": ("code/pallets__click.jsonl.gz", Columns(text=("content",), uri=("path",))),
    "web": ("summarization/cnn_dailymail.jsonl.gz", Columns(text=("text",), uri=("id",))),
    "licensed": ("summarization/multi_news.jsonl.gz", Columns(text=("text",), uri=("id",))),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def tokenized(base, shared_data) -> list[str]:
    (base / "tokenizer.model").write_bytes(sentencepiece_model())
    for source, (name, columns) in INPUTS.items():
        foreign = Foreign(source=source, collection="shared", read=ReadSettings(columns=columns))
        settings = Tokenize(tokenizer=str(base / "tokenizer.model"), foreign=foreign)
        run_sequentially(plan_tokenization(settings, [str(shared_data / name)], str(base / source)))
    return [str(base / source / "tokens" / "*.parquet") for source in INPUTS]


@pytest.fixture(scope="module")
def mixed(base, tokenized) -> Path:
    """The folder of packed shards, by stage."""
    (base / "mixture.yaml").write_text(MIXTURE)
    job = plan_mix(load_mixture(base / "mixture.yaml"), tokenized, str(base / "tokenizer.model"), str(base / "mixed"))
    run_mix(job, RunOptions(), Console(file=io.StringIO()))
    return base / "mixed" / "packed"


@pytest.fixture(scope="module", params=["core", "continued"])
def stage(mixed, request) -> Path:
    return mixed / request.param


@pytest.fixture(scope="module")
def rows(stage) -> list[dict]:
    """Its sequences in reading order."""
    return pa.Table.from_batches(PackedStage(str(stage)).rows()).to_pylist()


def files(folder: Path, ending: str) -> Sequence[str]:
    return sorted(str(path) for path in (folder / "data").glob(f"*{ending}"))


def test_array_records(export, stage, rows, tmp_path):
    export("arrayrecord", [str(stage / "*.parquet")], tmp_path)
    records = list(read_array_records(files(tmp_path, ".array_record")))
    assert [record["input_ids"].tolist() for record in records] == [row["tokens"] for row in rows]
    assert len(rows) > 20


def test_megatron(export, stage, rows, tmp_path):
    export("megatron", [str(stage / "*.parquet")], tmp_path)
    prefixes = [path.removesuffix(".bin") for path in files(tmp_path, ".bin")]
    assert [sequence.tolist() for sequence in read_megatron(prefixes)] == [row["tokens"] for row in rows]


def test_mds(export, stage, rows, tmp_path):
    export("mds", [str(stage / "*.parquet")], tmp_path)
    assert [sample["tokens"].tolist() for sample in read_mds(tmp_path)] == [row["tokens"] for row in rows]


def test_sequences_decode_to_the_texts_that_they_are_from(export, stage, base, shared_data, tmp_path):
    """From a record of the export back to the text of the document, by its segments."""
    export("arrayrecord", [str(stage / "*.parquet")], tmp_path)
    tokenizer = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model())
    texts = {
        row[columns.uri[0]]: row[columns.text[0]]
        for name, columns in INPUTS.values()
        for row in map(json.loads, gzip.decompress((shared_data / name).read_bytes()).splitlines())
    }
    documents = {
        row["doc_id"]: row
        for source in INPUTS
        for path in (base / source / "tokens").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    }
    records = list(read_array_records(files(tmp_path, ".array_record")))
    packed = pa.Table.from_batches(PackedStage(str(stage)).rows()).column("segments").to_pylist()
    whole = 0
    for record, segments in zip(records, packed, strict=True):
        for number, segment in enumerate(segments, 1):
            ids = record["input_ids"][record["input_segment_ids"] == number].tolist()
            document = documents[segment["doc_id"]]
            framed = [1, *document["tokens"], 2]
            offset = segment["document_offset"]
            assert ids == framed[offset : offset + segment["length"]]
            if len(ids) == len(framed):
                whole += 1
                assert tokenizer.decode(ids[1:-1]) == texts[document["uri"]]
    assert whole
