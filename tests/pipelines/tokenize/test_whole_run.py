"""`orchard tokenize` from files to token shards: the same bytes whatever interrupts it, and nothing lost on the way."""

import gzip
import io
import json
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash
from rich.console import Console

from filters.url.canonical import canonical_uri
from pipelines.engine.job import RunOptions
from pipelines.engine.outputs.records import ForeignOutputError
from pipelines.job.run import run_plan
from pipelines.job.tokenization import plan_tokenization, print_tokens
from pipelines.read.files import InputError
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.huggingface import HuggingFaceLibrary
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.validate import Passed, validate_path
from schemas.document import document_id
from schemas.recipe.foreign import Foreign
from schemas.recipe.read import Columns, ReadSettings
from schemas.recipe.tokenize import Tokenize
from tests.pipelines.tokenize.corpus import documents, write
from tests.support.tokenizers import sentencepiece_model, sentences, wide_tokenizer

LIBRARY = SentencePieceLibrary(sentencepiece_model(), "small")


@pytest.fixture
def model(tmp_path) -> str:
    path = tmp_path / "small.model"
    path.write_bytes(sentencepiece_model())
    return str(path)


def run(inputs, out: Path, tokenizer: str, foreign: Foreign | None = None, workers: int = 1):
    """The manifest, and what was printed."""
    console = Console(file=io.StringIO(), width=200)
    plan = plan_tokenization(Tokenize(tokenizer=tokenizer, foreign=foreign), inputs, str(out))
    manifest = run_plan(plan, RunOptions(workers=workers), console, datetime.now(UTC))
    print_tokens(manifest, str(out), console)
    return manifest, console.file.getvalue()


def tokens(out: Path) -> list[dict]:
    return [row for path in sorted((out / "tokens").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def dead_letters(out: Path) -> list[dict]:
    return [row for path in (out / "dead-letters").glob("*.parquet") for row in pq.read_table(path).to_pylist()]


def outputs(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def test_workers_change_no_byte_and_the_account_is_sound(model, tmp_path):
    inputs = write(tmp_path / "in", documents(), 5)
    manifest, printed = run(inputs, tmp_path / "one", model)
    run(inputs, tmp_path / "two", model, workers=2)
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")
    assert len(outputs(tmp_path / "one")) == 10
    assert manifest.counts.kept == len(documents())
    whole = sum(len(ids) for ids in LIBRARY.encode([str(row["text"]) for row in documents()]))
    assert f"{whole:,}" in printed
    assert "tokens:" in printed
    results = list(validate_path(str(tmp_path / "one")))
    assert all(isinstance(result, Passed) for result in results)
    assert any(result.summary.startswith("tokens, ") for result in results)
    _, again = run(inputs, tmp_path / "one", model)
    assert "nothing to do" in again


def slow_corpus(folder: Path) -> str:
    """Texts whose words do not repeat, so that a shard takes a while."""
    choice = random.Random(0)
    rows = [dict(documents()[0], doc_id=f"{number:032x}") for number in range(32)]
    for row in rows:
        row["text"] = " ".join(choice.choices(sentences(1, 40), k=20)) + " ".join(
            f"{choice.getrandbits(40):x}" for _ in range(10_000)
        )
    return write(folder, rows, 8)[0]


def test_killed_in_the_middle_it_resumes_to_the_same_bytes(model, tmp_path):
    pattern = slow_corpus(tmp_path / "in")
    code = "from pipelines.cli import main; main()"
    out = tmp_path / "out"
    command = [sys.executable, "-c", code, "tokenize", "-i", pattern, "--tokenizer", model, "-o", str(out), "-w", "2"]
    run([pattern], tmp_path / "unbroken", model)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while not list((out / "tokens").glob("*.parquet")):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)
    descendants = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "manifest.json").exists()
    psutil.wait_procs(descendants, 60)
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "resuming: shards already done: tokenize" in again.stdout
    assert outputs(out) == outputs(tmp_path / "unbroken")
    assert not list(out.rglob("*.tmp"))


def test_texts_of_others_are_documents_or_dead_letters(model, tmp_path):
    rows = [{"path": f"src/{number}.py", "content": "\n".join(sentences(number, 5))} for number in range(20)]
    lines = [json.dumps(row) for row in rows] + ['{"path": "empty"}', "no JSON", '{"path": "x", "content": 5}']
    with gzip.open(tmp_path / "code.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    pq.write_table(pa.table({"content": [row["content"] for row in rows[:7]]}), tmp_path / "other.parquet")
    columns = Columns(text=("content",), uri=("path",))
    foreign = Foreign(source="code", collection="repositories", read=ReadSettings(columns=columns))
    inputs = [str(tmp_path / "code.jsonl.gz"), str(tmp_path / "other.parquet")]
    manifest, printed = run(inputs, tmp_path / "out", model, foreign)
    found = tokens(tmp_path / "out")
    assert [row["uri"] for row in found] == [row["path"] for row in rows] + [f"other.parquet#{n}" for n in range(7)]
    assert [row["tokens"] for row in found] == LIBRARY.encode([row["content"] for row in rows + rows[:7]])
    assert {(row["source"], row["collection"]) for row in found} == {("code", "repositories")}
    assert len({row["doc_id"] for row in found}) == len(found)
    digests = {row["doc_id"] for row in found}
    assert document_id(canonical_uri("src/0.py"), xxhash.xxh3_128_hexdigest(rows[0]["content"].encode())) in digests
    assert manifest.counts.dead_letters == {"InvalidJson": 1, "MissingText": 1, "WrongType": 1}
    assert {letter["message"].split(":")[0] for letter in dead_letters(tmp_path / "out")} == {
        "line 21", "line 22", "line 23",
    }  # fmt: skip
    assert "WARNING: not tokenized: 1 InvalidJson, 1 MissingText, 1 WrongType" in printed
    assert all(isinstance(result, Passed) for result in validate_path(str(tmp_path / "out")))


def _digest(text: str) -> str:
    import xxhash

    return xxhash.xxh3_128_hexdigest(text.encode())


def test_blocks_of_texts_of_others_lose_nothing(model, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.tokenize.stage.BLOCK_BYTES", 300)
    rows = [{"id": number, "text": "word " * (number % 90)} for number in range(1, 200)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    run([str(tmp_path / "a.jsonl")], tmp_path / "out", model, Foreign(source="web", collection="c"))
    with_text = [row for row in rows if row["text"]]
    assert [row["uri"] for row in tokens(tmp_path / "out")] == [str(row["id"]) for row in with_text]
    assert [row["tokens"] for row in tokens(tmp_path / "out")] == LIBRARY.encode([row["text"] for row in with_text])
    assert len(dead_letters(tmp_path / "out")) == len(rows) - len(with_text)


def test_a_damaged_row_group_costs_its_documents_only(model, tmp_path):
    (pattern,) = write(tmp_path / "in", documents(), 1)
    (file,) = (tmp_path / "in").glob("*.parquet")
    column = next(i for i in range(99) if pq.ParquetFile(file).metadata.row_group(2).column(i).path_in_schema == "text")
    facts = pq.ParquetFile(file).metadata.row_group(2).column(column)
    content = bytearray(file.read_bytes())
    start = facts.dictionary_page_offset or facts.data_page_offset
    content[start : start + facts.total_compressed_size] = b"\xff" * facts.total_compressed_size
    file.write_bytes(content)
    manifest, _ = run([pattern], tmp_path / "out", model)
    assert manifest.counts.dead_letters == {"BrokenParquet": 1}
    kept = [row["doc_id"] for row in documents()[:14] + documents()[21:]]
    assert [row["doc_id"] for row in tokens(tmp_path / "out")] == kept
    assert "rows 14 to 20" in dead_letters(tmp_path / "out")[0]["message"]


@pytest.mark.parametrize(("vocab_size", "dtype"), [(65_536, pa.uint16()), (65_537, pa.uint32())])
def test_the_last_id_of_a_vocabulary_fits(tmp_path, vocab_size, dtype):
    data = wide_tokenizer(vocab_size)
    (tmp_path / "tokenizer.json").write_bytes(data)
    inputs = write(tmp_path / "in", documents(), 1)
    run(inputs, tmp_path / "out", str(tmp_path / "tokenizer.json"))
    library = HuggingFaceLibrary(data, "wide")
    assert [row["tokens"] for row in tokens(tmp_path / "out")] == library.encode([row["text"] for row in documents()])
    assert max(max(row["tokens"]) for row in tokens(tmp_path / "out")) == vocab_size - 1
    (file,) = (tmp_path / "out" / "tokens").glob("*.parquet")
    assert pq.read_schema(file).field("tokens").type.value_type == dtype
    assert all(isinstance(result, Passed) for result in validate_path(str(tmp_path / "out")))


def test_what_cannot_be_tokenized_is_said_before_any_work(model, tmp_path):
    (pattern,) = write(tmp_path / "in", documents(), 1)
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n')
    (tmp_path / "a.warc.gz").write_bytes(b"x")
    pq.write_table(pa.table({"body": ["a"]}), tmp_path / "a.parquet")
    (tmp_path / "cut.parquet").write_bytes(next((tmp_path / "in").glob("*")).read_bytes()[:-9])
    web = Foreign(source="web", collection="c")
    for name, foreign, message in (
        ("a.jsonl", None, "--source web"), ("a.warc.gz", web, "orchard run"), ("a.parquet", web, "body"),
        ("cut.parquet", None, "cut.parquet"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            run([str(tmp_path / name)], tmp_path / "out", model, foreign)
    with pytest.raises(TokenizerError, match="cannot be read"):
        run([pattern], tmp_path / "out", str(tmp_path / "none.model"))
    assert not (tmp_path / "out").exists()
    (tmp_path / "out" / "records" / "decide").mkdir(parents=True)
    with pytest.raises(ForeignOutputError, match="another run"):
        run([pattern], tmp_path / "out", model)


def test_code_files_as_they_stand(model, tmp_path, shared_data):
    paths = sorted((shared_data / "code").glob("*__*.jsonl.gz"))[:4]
    rows = [json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]
    foreign = Foreign(source="code", collection="repositories")
    run([str(path) for path in paths], tmp_path / "out", model, foreign, workers=2)
    wanted = [row["content"].replace("\0", "") for row in rows if row["content"]]
    found = tokens(tmp_path / "out")
    assert len(found) == len(wanted) > 200
    assert [row["tokens"] for row in found] == LIBRARY.encode(wanted)
