"""`orchard validate` finds what is wrong with a run or an input, and names it."""

import gzip
import json
from datetime import UTC, datetime
from importlib import import_module

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash
import zstandard

from pipelines.validate import Passed, validate_path
from schemas.document import dead_letter_schema, document_id, document_schema, dropped_schema
from schemas.manifest import Counts, InputFile, Manifest, OutputFile, RunFacts
from schemas.steps.language import Language
from schemas.validation.violation import Violation
from tests.support.cut_off import CUT_AFTER

NOW = datetime(2024, 7, 31, tzinfo=UTC)
SCHEMAS = {
    "kept": document_schema([Language()]),
    "dropped": dropped_schema([Language()]),
    "dead-letters": dead_letter_schema(),
}
MODULES = ("argparse", "decimal", "difflib", "heapq", "json", "logging", "random", "re", "statistics", "zipfile")


def document(module, score):
    """Real prose that every machine has: the documentation of the standard library."""
    text = import_module(module).__doc__
    digest = xxhash.xxh3_128_hexdigest(text.encode())
    uri = f"https://docs.example/{module}"
    return {
        "doc_id": document_id(uri, digest),
        "text": text,
        "uri": uri,
        "source": "web",
        "collection": "docs",
        "retrieved_at": NOW,
        "language": "en",
        "language_score": score,
        "provenance": {"container": "docs.warc.gz", "offset": 0, "length": len(text), "digest": digest},
        "signals": {"language": {"score": score, "top1": "en", "top1_score": score}},
    }


def verdict(value):
    return {"stage": "filter", "rule": "language.score", "value": value, "bound": "> 0.65", "detail": None}


@pytest.fixture
def rows():
    """The rows of a small run: 6 kept, 4 dropped, 1 dead letter."""
    return {
        "kept": [document(module, 0.9) for module in MODULES[:6]],
        "dropped": [document(module, 0.5) | {"verdict": verdict(0.5)} for module in MODULES[6:]],
        "dead-letters": [
            {
                "uri": "https://docs.example/x",
                "provenance": {"container": "docs.warc.gz", "offset": 9},
                "stage": "extract",
                "error_class": "ExtractionTimeout",
                "message": "10 s",
            }
        ],
    }


@pytest.fixture
def write_run(tmp_path):
    """Writes a run with these rows, two row groups a file, and an honest manifest."""

    def write(rows, schemas=SCHEMAS):
        outputs = []
        for kind, records in rows.items():
            path = tmp_path / kind / "docs.parquet"
            path.parent.mkdir(exist_ok=True)
            table = pa.Table.from_pylist(records, schema=schemas[kind])
            pq.write_table(table, path, compression="zstd", row_group_size=4)
            digest = xxhash.xxh3_128_hexdigest(path.read_bytes())
            size = path.stat().st_size
            outputs.append(OutputFile(path=f"{kind}/docs.parquet", rows=len(records), bytes=size, digest=digest))
        write_manifest(tmp_path, outputs, len(rows["kept"]), len(rows["dropped"]), len(rows["dead-letters"]))
        return tmp_path

    return write


def write_manifest(folder, outputs, kept, dropped, dead):
    counts = Counts(
        input=kept + dropped + dead,
        kept=kept,
        dropped={"language.score": dropped},
        dead_letters={"ExtractionTimeout": dead},
    )
    facts = RunFacts(recipe={}, recipe_fingerprint="f", code_version="1", environment={})
    manifest = Manifest(
        **dict(facts),
        stage="run",
        fingerprint="f",
        inputs=(InputFile(path="docs.warc.gz", rows=counts.input, bytes=1),),
        outputs=tuple(outputs),
        counts=counts,
        timings={"started_at": NOW, "finished_at": NOW},
        peak_memory_bytes=1,
    )
    (folder / "manifest.json").write_text(manifest.model_dump_json())


def edit_manifest(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def violations(path, *text_columns):
    return [
        str(result).replace(f"{path}/", "").replace(str(path), path.name)
        for result in validate_path(str(path), text_columns)
        if isinstance(result, Violation)
    ]


def test_a_sound_run_passes_file_by_file(rows, write_run):
    folder = write_run(rows)
    results = list(validate_path(str(folder)))
    assert all(isinstance(result, Passed) for result in results)
    assert [result.summary for result in results] == [
        "stage run, 11 in = 6 kept + 4 dropped + 1 dead letters + 0 skipped",
        "document, 6 rows",
        "dropped, 4 rows",
        "dead-letter, 1 rows",
    ]
    # the manifest's own path means the run, a part of a run is judged by the contract that its files name
    assert list(validate_path(str(folder / "manifest.json"))) == results
    assert [result.summary for result in validate_path(str(folder / "dropped"))] == ["dropped, 4 rows"]
    assert violations(folder / "kept" / "docs.parquet") == []


def with_value(record, path, value):
    """The record with one field changed, however deep."""
    head, _, rest = path.partition(".")
    return record | {head: with_value(record[head] or {}, rest, value) if rest else value}


@pytest.mark.parametrize(
    ("kind", "row", "column", "value", "expected"),
    [
        ("kept", 5, "doc_id", "XYZ", "column doc_id, value 'XYZ': expected like ^[0-9a-f]{32}$ and not null"),
        ("kept", 4, "text", "", "column text, value '': expected at least 1 long and not null"),
        ("kept", 4, "source", "wiki", "column source, value 'wiki': expected out of ['web', "),
        ("kept", 5, "language_score", 7.0, "column language_score, value 7.0: expected >= 0 and <= 1.001"),
        ("kept", 5, "provenance.offset", -1, "column provenance.offset, value -1: expected >= 0"),
        ("kept", 4, "provenance.digest", "12", "column provenance.digest, value '12': expected like ^[0-9a-f]{32}$"),
        (
            "kept",
            4,
            "signals.language.score",
            float("nan"),
            "column signals.language.score, value nan: expected a number",
        ),
        (
            "dropped",
            1,
            "verdict.rule",
            "language.scor",
            "column verdict.rule, value 'language.scor': expected the path",
        ),
        ("dropped", 1, "verdict.rule", "nonsense", "column verdict.rule, value 'nonsense': expected like "),
        ("dropped", 1, "verdict.bound", "", "column verdict.bound, value '': expected at least 1 long and not null"),
        ("dead-letters", 0, "error_class", "", "column error_class, value '': expected at least 1 long and not null"),
    ],
)
def test_the_first_wrong_value_is_named(rows, write_run, kind, row, column, value, expected):
    rows[kind][row] = with_value(rows[kind][row], column, value)
    place = f"{kind}/docs.parquet: row group {row // 4}, row {row}, {expected}"
    assert violations(write_run(rows))[0].startswith(place)


def test_of_several_wrong_rows_the_first_counts(rows, write_run):
    rows["kept"][5]["doc_id"] = "later"
    rows["kept"][1]["uri"] = ""
    assert violations(write_run(rows)) == [
        "kept/docs.parquet: row group 0, row 1, column uri, value '': expected at least 1 long and not null"
    ]


@pytest.mark.parametrize("column", ["verdict", "doc_id"])
def test_a_null_where_none_may_be_is_found(rows, write_run, column):
    field = SCHEMAS["dropped"].field(column)
    position = SCHEMAS["dropped"].get_field_index(column)
    loose = SCHEMAS["dropped"].set(position, field.with_nullable(True))
    rows["dropped"][2][column] = None
    found = violations(write_run(rows, SCHEMAS | {"dropped": loose}))
    assert found[0].startswith(
        f"dropped/docs.parquet: column {column}: is {field.type}, expected {field.type} not null"
    )


def test_a_wrong_schema_is_named(rows, write_run):
    kept = SCHEMAS["kept"]
    for schema, expected in [
        (kept.remove(kept.get_field_index("uri")), "column uri: is missing, expected string"),
        (kept.append(pa.field("extra", pa.string())), "column extra: is not part of the contract, which has doc_id"),
        (
            kept.set(1, pa.field("text", pa.string(), False)),
            "column text: is string not null, expected large_string not",
        ),
        (
            kept.with_metadata({b"orchard.schema": b"document", b"orchard.version": b"1.9"}),
            "document schema version 1.9",
        ),
        (kept.with_metadata({}), "schema is not named, expected document"),
        (dropped_schema([]), "schema is dropped, expected document"),
    ]:
        records = [record | {"extra": None, "verdict": verdict(1.0)} for record in rows["kept"]]
        folder = write_run(rows | {"kept": records}, SCHEMAS | {"kept": schema})
        assert violations(folder)[0].startswith(f"kept/docs.parquet: {expected}")


def test_an_older_minor_version_passes_without_its_younger_columns(rows, write_run):
    older = SCHEMAS["kept"].remove(SCHEMAS["kept"].get_field_index("author"))
    assert violations(write_run(rows, SCHEMAS | {"kept": older})) == []


def test_a_changed_byte_is_found(rows, write_run):
    folder = write_run(rows)
    path = folder / "kept" / "docs.parquet"
    table = pq.read_table(path)
    pq.write_table(table, path, compression="none", row_group_size=4)
    assert violations(folder)[0].startswith("kept/docs.parquet: the manifest says bytes ")


def test_damage_inside_a_file_is_found_and_the_rest_is_checked(rows, write_run):
    folder = write_run(rows)
    path = folder / "kept" / "docs.parquet"
    content = bytearray(path.read_bytes())
    content[100:400] = bytes(300)
    path.write_bytes(content)
    found = list(validate_path(str(folder)))
    assert "kept/docs.parquet: row group 0" in str(found[1])
    assert "cannot be read" in str(found[1])
    assert [isinstance(result, Passed) for result in found] == [True, False, True, True]
    path.write_bytes(b"PAR1")
    assert "cannot be read" in violations(folder)[0]


def test_missing_and_unlisted_files_are_found(rows, write_run):
    folder = write_run(rows)
    (folder / "kept" / "docs.parquet").rename(folder / "kept" / "other.parquet")
    assert violations(folder) == [
        "kept/docs.parquet: is missing, but manifest.json lists it",
        "kept/other.parquet: is not listed in manifest.json: it is of another run, or the run has not ended",
    ]


def test_sums_that_do_not_add_up_are_found(rows, write_run):
    folder = write_run(rows)
    counts = json.loads((folder / "manifest.json").read_text())["counts"]
    edit_manifest(folder, counts=counts | {"dropped": {"language.score": 3, "gopher.word_count": 1}})
    assert violations(folder) == [
        "manifest.json: column counts.dropped.gopher.word_count, value 1: but the files have 0 rows",
        "manifest.json: column counts.dropped.language.score, value 3: but the files have 4 rows",
    ]
    edit_manifest(folder, counts=counts | {"input": 12})
    assert violations(folder) == [
        "manifest.json: stage run: 12 records in, but 6 kept + 4 dropped + 1 dead letters + 0 skipped = 11"
    ]


def test_a_manifest_that_is_none_is_named(rows, write_run):
    folder = write_run(rows)
    edit_manifest(folder, peak_memory_bytes=-1)
    assert violations(folder)[0].startswith("manifest.json: column peak_memory_bytes, value -1: ")
    edit_manifest(folder, peak_memory_bytes=1, schema_versions={"manifest": "2.0"})
    assert violations(folder) == [
        "manifest.json: column schema_versions: version 2.0 of manifest cannot be read by version 1.1"
    ]
    (folder / "manifest.json").write_text("{")
    assert violations(folder)[0].startswith("manifest.json: value b'{': Invalid JSON")
    (folder / "manifest.json").unlink()
    assert violations(folder) == [
        f"{folder.name}: has no manifest.json: the run has not ended; run the same command again"
    ]


def test_files_of_two_recipes_in_one_run_are_found(rows, write_run):
    folder = write_run(rows)
    other = folder / "kept" / "second.parquet"
    records = [{key: value for key, value in record.items() if key != "signals"} for record in rows["kept"]]
    pq.write_table(pa.Table.from_pylist(records, schema=document_schema([])), other)
    listed = [OutputFile.model_validate(item) for item in json.loads((folder / "manifest.json").read_text())["outputs"]]
    digest = xxhash.xxh3_128_hexdigest(other.read_bytes())
    listed.append(OutputFile(path="kept/second.parquet", rows=6, bytes=other.stat().st_size, digest=digest))
    write_manifest(folder, listed, 12, 4, 1)
    assert violations(folder) == [
        "kept/second.parquet: has another schema than the first document file: one of them is of another recipe"
    ]


# Foreign input


@pytest.mark.parametrize("dtype", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_foreign_parquet_with_text_passes(tmp_path, dtype):
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"content": pa.array(["a", "b"]).cast(dtype)}), path)
    assert list(validate_path(str(path))) == [Passed(str(path), "input, 2 rows")]


def test_foreign_parquet_that_cannot_be_input_is_named(tmp_path):
    path = tmp_path / "in.parquet"
    for table, expected in [
        (pa.table({"body": ["a"]}), "has no text column: expected one of text, content, raw_content, found body"),
        (pa.table({"text": [1, 2]}), "column text: is int64, expected string or large_string"),
        (pa.table({"text": ["a", "b", None]}), "row group 1, row 2, column text, value None: expected text"),
    ]:
        pq.write_table(table, path, row_group_size=2)
        assert violations(tmp_path) == [f"in.parquet: {expected}"]
    assert violations(tmp_path, "body") == ["in.parquet: has no text column: expected one of body, found text"]


def test_bytes_in_parquet_that_are_no_text_are_found(tmp_path):
    path = tmp_path / "in.parquet"
    broken = pa.StringArray.from_buffers(2, *pa.array([b"ok", b"\xff"]).buffers()[1:])
    pq.write_table(pa.table({"text": broken}), path)
    assert violations(tmp_path) == ["in.parquet: row group 0, row 1, column text, value b'\\xff': expected UTF-8"]


COMPRESSORS = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_foreign_jsonl_passes_or_names_its_first_wrong_line(tmp_path, suffix):
    path = tmp_path / f"in.jsonl{suffix}"

    def check(*lines):
        path.write_bytes(COMPRESSORS[suffix](b"\n".join(lines)))
        return violations(path)

    good = b'{"text": "a", "url": "u"}'
    assert check(good, b"", good) == []
    name = path.name
    assert check(good, b"{", good)[0].startswith(
        f"{name}: row 1, value b'{{\\n': expected JSON: Expecting property name"
    )
    assert check(good, b"[1]") == [f"{name}: row 1, value [1]: expected a JSON object"]
    assert check(b'{"body": "a"}') == [
        f"{name}: row 0: has no text: expected one of text, content, raw_content, found body"
    ]
    assert check(good, good, b'{"text": 3}') == [f"{name}: row 2, column text, value 3: expected text"]
    assert check(b'{"text": "\\ud800"}')[0].endswith("expected Unicode text, found half of a surrogate pair")
    assert check(b'{"text": "\xff"}')[0].startswith(f"{name}: row 0, value ")


@pytest.mark.parametrize("suffix", CUT_AFTER)
def test_a_cut_off_archive_is_found(tmp_path, suffix):
    path = tmp_path / f"in.jsonl{suffix}"
    path.write_bytes(CUT_AFTER[suffix](b'{"text": "a long enough line of text"}\n' * 1000))
    assert violations(path)[0].startswith(f"{path.name}: cannot be read: the file ends inside the ")


def test_a_broken_archive_is_found(tmp_path):
    path = tmp_path / "in.jsonl.gz"
    whole = gzip.compress(b'{"text": "a long enough line of text"}\n' * 1000, mtime=0)
    path.write_bytes(whole[:60] + b"\xff" * 40)
    assert violations(path)[0].startswith("in.jsonl.gz: cannot be read: gzip member at byte 0: ")


def test_a_line_without_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    from schemas.recipe.read import ReadSettings

    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "' + b"a" * 3000 + b'"}')
    monkeypatch.setattr("pipelines.validate.ReadSettings", lambda: ReadSettings(max_record_bytes=1024))
    assert violations(path) == ["in.jsonl: row 0: the line is longer than 1024 bytes"]


def test_what_is_nothing_is_said(tmp_path):
    assert violations(tmp_path / "gone") == ["gone: no such file or folder"]
    assert violations(tmp_path) == [f"{tmp_path.name}: holds no manifest.json, .parquet or .jsonl file"]
    (tmp_path / "a.txt").write_text("x")
    assert violations(tmp_path / "a.txt")[0].startswith("a.txt: is not of a kind that can be checked: .parquet, .jsonl")
