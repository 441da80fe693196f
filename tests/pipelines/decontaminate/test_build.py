"""From files of any kind to an index; a file that cannot be read stops the work and is named."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from filters.ngrams.index_file import IndexFileError, load_index
from pipelines.decontaminate.build import BenchmarkSource, build_index_file
from pipelines.decontaminate.describe import check_index
from pipelines.decontaminate.errors import BenchmarkError
from schemas.benchmark import IndexSettings
from tests.support.benchmarks import write_rows

ROWS = [
    {"id": 1, "question": "How long is the longest river, \"the big one\"?", "choices": ["a mile", "many miles"]},
    {"id": 2, "question": "Who was the first to write it down,\nand when?", "choices": ["nobody", "a monk in Cork"]},
]  # fmt: skip


def build(out, *patterns, **names):
    source = BenchmarkSource([str(pattern) for pattern in patterns], names=names)
    return build_index_file(source, out, IndexSettings(), lambda message: None)


def write_all(folder):
    """The same rows in every kind of file."""
    lines = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    flat = [
        {"id": row["id"], "question": row["question"], "A": row["choices"][0], "B": row["choices"][1]} for row in ROWS
    ]
    quoted = [",".join('"' + str(value).replace('"', '""') + '"' for value in row.values()) for row in flat]
    tabbed = [line.replace('","', '"\t"') for line in quoted]
    contents = {
        "a.jsonl": lines,
        "b.jsonl.gz": gzip.compress(lines[:60]) + gzip.compress(lines[60:]),
        "c.ndjson.zst": zstandard.compress(lines),
        "d.json": json.dumps(ROWS, indent=1).encode(),
        "e.csv": ("\ufeffid,question,A,B\r\n" + "\r\n".join(quoted) + "\r\n").encode(),
        "f.tsv.gz": gzip.compress("\n".join(["id\tquestion\tA\tB", *tabbed]).encode()),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "g.parquet")
    return [*contents, "g.parquet"]


def test_every_kind_of_file_gives_the_same_items(tmp_path):
    for name in write_all(tmp_path):
        index = build(tmp_path / "out" / f"{name}.index", tmp_path / name, suite="rivers")
        assert index.item_ids.to_pylist() == ["1", "2"], name
        assert index.prompts[0].as_py() == 'How long is the longest river, "the big one"?\na mile\nmany miles', name
        assert index.prompts[1].as_py() == "Who was the first to write it down,\nand when?\nnobody\na monk in Cork", (
            name
        )
        assert index.metadata.benchmarks[0].fields == ("question", "choices")
    found = {load_index(path).metadata.fingerprint for path in (tmp_path / "out").glob("*.index")}
    assert len(found) == 1


def test_files_name_the_benchmarks_that_do_not_say_it(tmp_path):
    names = write_all(tmp_path)
    index = build(tmp_path / "all.index", tmp_path / "[a-g].*", tmp_path / "a.jsonl")
    assert [about.suite for about in index.metadata.benchmarks] == [name[0] for name in names]
    assert sorted(path.name for path in tmp_path.glob("*.index*")) == ["all.index"]


def test_builds_from_the_real_sets(shared_data, tmp_path):
    sets = [shared_data / "decontam" / f"{name}.jsonl.gz" for name in ("gsm8k", "mbpp", "openbookqa", "truthfulqa")]
    index = build(tmp_path / "real.index", *sets)
    facts = {
        about.name: (about.n, about.items, about.exact_items, about.answers) for about in index.metadata.benchmarks
    }
    assert facts == {
        "gsm8k/test": (13, 857, 0, 857),
        "mbpp/all": (9, 644, 0, 618),
        "openbookqa/eval": (10, 344, 0, 7),
        "truthfulqa/validation": (5, 554, 3, 470),
    }
    _, findings = check_index(tmp_path / "real.index")
    assert any("truthfulqa/validation: 5" in finding.message for finding in findings if finding.severity == "warning")


def test_warns_of_what_cannot_be_found_and_of_templates(tmp_path):
    rows = [{"text": f"Please choose the right one of these: thing {number} or nothing"} for number in range(30)]
    build(tmp_path / "i", write_rows(tmp_path / "t.jsonl", rows), write_rows(tmp_path / "e.jsonl", [{"text": "?"}]))
    _, findings = check_index(tmp_path / "i")
    messages = [finding.message for finding in findings if finding.severity == "warning"]
    assert "e has no n-grams: nothing of it will ever be found" in messages
    assert any(message.startswith("t: 30 of 30 items hold the same words") for message in messages) is False
    rows = [{"text": f"{row['text']} or something else that is much longer than the first words"} for row in rows]
    build(tmp_path / "j", write_rows(tmp_path / "t.jsonl", rows))
    _, findings = check_index(tmp_path / "j")
    assert any("30 of 30 items hold the same words" in finding.message for finding in findings)


def test_check_sees_a_changed_byte(tmp_path):
    path = tmp_path / "i"
    build(path, write_rows(tmp_path / "t.jsonl", ROWS))
    content = bytearray(path.read_bytes())
    content[content.index(b"many miles") + 1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(IndexFileError, match="not what its fingerprint says; build it again"):
        check_index(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"", "a.jsonl: the file is empty"),
        ("a.jsonl.gz", gzip.compress(b" \n", mtime=0), "the file is empty"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "x"}' * 99, mtime=0)[:-9], r"\.gz: .*gzip member.*Fetch the file"),
        ("a.jsonl.gz", b"\x1f\x8b\x08 no gzip at all", "a.jsonl.gz: "),
        ("a.jsonl", b'{"text": "x"}\n{"text": \n', "a.jsonl, line 2: no JSON"),
        ("a.jsonl", b'{"text": "x"}\n7\n', "a.jsonl, line 2: holds a int, not an object"),
        ("a.jsonl", b'{"text": "x"}\n{"body": "y"}\n', "line 2: no question: .*the row has body.*--question FIELD"),
        ("a.jsonl", b'{"text": "\xff"}\n', "a.jsonl, line 1: no JSON: .*utf-8"),
        ("a.json", b"[]", "a.json: the file holds no rows"),
        ("a.csv", b"question,A\n", "a.csv: the file holds no rows"),
        ("a.csv", b"question\nx,y\n", "a.csv, row 1: has more fields than the first line names"),
        ("a.csv", b"question\n\xff\n", "a.csv: no table of text in UTF-8"),
        ("a.parquet", b"PAR1 no more", "a.parquet: no whole Parquet file"),
        ("a.txt", b"words", "a.txt: cannot tell the format from the name. It should end in .jsonl"),
    ],
)  # fmt: skip
def test_names_the_file_the_row_and_the_way_out(name, content, message, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BenchmarkError, match=message):
        build(tmp_path / "i", tmp_path / name)
    assert not (tmp_path / "i").exists()


def test_refuses_missing_files_and_folders(tmp_path):
    with pytest.raises(BenchmarkError, match=r"none\*\.jsonl: no file is there or matches"):
        build(tmp_path / "i", tmp_path / "none*.jsonl")
    with pytest.raises(BenchmarkError, match="is a folder; --out names the file"):
        build(tmp_path, write_rows(tmp_path / "a.jsonl", ROWS))
