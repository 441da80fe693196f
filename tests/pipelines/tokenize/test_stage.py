"""Token shards hold the ids of the library for every document, and come out the same however they are made."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.run_unit import run_unit
from pipelines.engine.shard import Shard, make_shards
from pipelines.engine.stage import Upstream
from pipelines.engine.watch.progress import ProgressLog
from pipelines.read.files import find_inputs
from pipelines.tokenize import stage as stages
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.tokenize.stage import TOKENS, TokenizeStage
from pipelines.tokenize.tally import TOKENS as TOKENS_OF
from pipelines.tokenize.tally import by_source
from schemas.manifest import ShardRecord, merged
from schemas.recipe.tokenize import Tokenize
from schemas.token_shard import TOKENIZER_KEY
from schemas.version import check_version
from tests.pipelines.tokenize.corpus import documents, write
from tests.support.tokenizers import sentencepiece_model


@pytest.fixture
def model(tmp_path) -> str:
    path = tmp_path / "small.model"
    path.write_bytes(sentencepiece_model())
    return str(path)


def run(stage: TokenizeStage, shard: Shard, out: Path) -> ShardRecord:
    stages._opened.cache_clear()
    stage.open()
    progress = ProgressLog(None, stage.name)
    return run_unit(stage, shard, Layout(str(out)), values={}, upstream=Upstream(), progress=progress)


def test_every_document_has_the_ids_of_the_library(model, tmp_path):
    shards = make_shards(find_inputs(write(tmp_path / "in", documents(), 3)))
    stage = TokenizeStage.of(Tokenize(tokenizer=model))
    records = [run(stage, shard, tmp_path / "out") for shard in shards]
    rows = [
        row
        for shard in shards
        for row in pq.read_table(tmp_path / "out" / TOKENS / f"{shard.name}.parquet").to_pylist()
    ]
    by_id = {row["doc_id"]: row for row in rows}
    library = SentencePieceLibrary(sentencepiece_model(), "small")
    assert len(by_id) == len(rows) == len(documents())
    for document in documents():
        row = by_id[document["doc_id"]]
        assert row["tokens"] == library.encode([str(document["text"])])[0]
        assert row["length"] == len(row["tokens"])
        assert all(row[name] == document[name] for name in ("source", "collection", "uri"))
    findings = merged(finding for record in records for finding in record.findings)
    assert sum(by_source(findings, TOKENS_OF).values()) == sum(row["length"] for row in rows)
    schema = pq.read_schema(tmp_path / "out" / TOKENS / f"{shards[0].name}.parquet")
    check_version(schema, "tokens")
    assert schema.metadata[TOKENIZER_KEY].decode() == stage.tokenizer_fingerprint
    assert schema.field("tokens").type.value_type == pa.uint16()


def test_what_a_worker_has_seen_before_changes_no_byte(model, tmp_path):
    shards = make_shards(find_inputs(write(tmp_path / "in", documents(), 3)))
    stage = TokenizeStage.of(Tokenize(tokenizer=model))
    alone = [run(stage, shard, tmp_path / "alone").outputs[0].digest for shard in shards]
    stage.open()
    progress, layout = ProgressLog(None, stage.name), Layout(str(tmp_path / "together"))
    together = [
        run_unit(stage, shard, layout, values={}, upstream=Upstream(), progress=progress).outputs[0].digest
        for shard in shards[::-1]
    ]
    assert together[::-1] == alone


def test_another_tokenizer_is_another_stage_and_a_changed_one_an_error(model, tmp_path):
    stage = TokenizeStage.of(Tokenize(tokenizer=model))
    Path(model).write_bytes(sentencepiece_model(vocab_size=800))
    assert TokenizeStage.of(Tokenize(tokenizer=model)).fingerprint != stage.fingerprint
    stages._opened.cache_clear()
    with pytest.raises(TokenizerError, match="has changed during the run"):
        stage.open()
