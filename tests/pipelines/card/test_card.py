"""Cards say what is in a folder, and the libraries that read cards find its files."""

import io
import json
import shutil
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from huggingface_hub import DatasetCard
from rich.console import Console

from pipelines.card.write import write_card
from pipelines.engine.job import RunOptions
from pipelines.job.export import plan_export
from pipelines.job.run import run_recipe
from pipelines.read.files import InputError
from schemas.recipe.load import load_recipe
from tests.pipelines.tokenize.corpus import documents
from tests.support.packed import facts_of, pack, random_documents, write_shards
from tests.support.sequential import run_sequentially

RECIPE = """\
name: texts
collection: texts
filters:
  - type: gopher_quality
    word_count: {min: 270}
    mean_word_length: null
    hash_ratio: null
    bullet_line_ratio: null
    alphabetic_word_ratio: null
    stop_word_count: null
"""
LICENCES = ("MIT", "MIT", "CC-BY-4.0", None)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """The folder of a run on texts."""
    base = tmp_path_factory.mktemp("run")
    (base / "recipe.yaml").write_text(RECIPE)
    (base / "in").mkdir()
    texts = [
        {"url": row["uri"], "text": row["text"], "license": LICENCES[number % len(LICENCES)]}
        for number, row in enumerate(documents())
    ]
    for shard in range(2):
        pq.write_table(pa.Table.from_pylist(texts[shard::2]), base / "in" / f"{shard}.parquet")
    inputs, out = [str(base / "in" / "*.parquet")], str(base / "out")
    run_recipe(load_recipe(base / "recipe.yaml"), inputs, out, RunOptions(), Console(file=io.StringIO()))
    return base / "out"


@pytest.fixture
def kept(run, tmp_path) -> Path:
    """A copy of it."""
    shutil.copytree(run, tmp_path / "my-texts")
    return tmp_path / "my-texts"


@pytest.fixture
def exported(tmp_path) -> Path:
    """The folder of an export of packed sequences."""
    shards = write_shards(pack(random_documents(60, 60_000), facts_of(60_000)), tmp_path / "packed", 2)
    run_sequentially(plan_export("mds", shards, str(tmp_path / "export")))
    return tmp_path / "export"


def rows_of(folder: Path) -> list[dict]:
    """The documents that a run kept."""
    return [row for path in sorted((folder / "kept").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def table(markdown: str, title: str) -> dict[str, list[str]]:
    """The rows of the table under a title, by their first cell."""
    section = markdown.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in rows[2:]}


def test_the_readme_counts_what_is_kept(kept):
    write_card(str(kept), (), None, None, None)
    card = DatasetCard.load(kept / "README.md")
    rows = rows_of(kept)
    manifest = json.loads((kept / "manifest.json").read_text())
    assert 0 < len(rows) < len(documents())
    assert card.data.pretty_name == "my-texts"
    assert card.data.license == "other"
    assert card.data.size_categories == ["n<1K"]
    counted = Counter(row["license"] or "none" for row in rows)
    found = table(card.content, "Licences")
    assert {name: int(cells[0]) for name, cells in found.items()} == dict(counted)
    assert f"No licence is known of {counted['none']} documents, which is no permission." in card.content
    assert table(card.content, "Content")["`kept/*.parquet`"][0] == f"{len(rows)} documents"
    assert manifest["recipe_fingerprint"] in card.content
    assert manifest["code_version"] in card.content
    assert f"{len(documents())} in: {len(rows)} kept, {len(documents()) - len(rows)} dropped" in card.content
    dropped = table(card.content, "How it was made")["gopher.word_count"]
    assert int(dropped[0]) == manifest["counts"]["dropped"]["gopher.word_count"]
    (recipe,) = (block.split("```")[0] for block in card.content.split("```yaml\n")[1:])
    assert yaml.safe_load(recipe) == manifest["recipe"]
    assert table(card.content, "Columns of `kept`")["`doc_id`"][0] == "string"


def test_datasets_loads_a_folder_by_its_card(kept, tmp_path):
    import datasets

    write_card(str(kept), (), None, None, None)
    loaded = datasets.load_dataset(str(kept), split="train", cache_dir=str(tmp_path / "cache"))
    ids = [
        row["doc_id"] for path in sorted((kept / "kept").glob("*.parquet")) for row in pq.read_table(path).to_pylist()
    ]
    assert loaded["doc_id"][:] == ids


def test_a_licence_and_a_name_that_are_given_stand(kept):
    write_card(str(kept), (), "Nice texts", "odc-by", "https://example.org/texts")
    data = DatasetCard.load(kept / "README.md").data
    assert (data.pretty_name, data.license) == ("Nice texts", "odc-by")
    content = json.loads((kept / "croissant.json").read_text())
    assert (content["name"], content["license"], content["url"]) == (
        "Nice texts",
        "odc-by",
        "https://example.org/texts",
    )


def test_an_export_tells_its_tokens_and_what_it_was_made_from(kept, exported):
    write_card(str(exported), (), None, None, None)
    assert "Not known here" in (exported / "README.md").read_text()
    write_card(str(exported), [str(kept)], None, None, None)
    card = DatasetCard.load(exported / "README.md")
    findings = json.loads((exported / "manifest.json").read_text())["findings"]
    tokens = {finding["name"].removeprefix("export.tokens.source."): finding["count"] for finding in findings}
    assert tokens
    for source, count in tokens.items():
        assert f"| `data` | {source} | {count:,} |" in card.content.split("## Tokens by source\n")[1]
    assert set(table(card.content, "Licences")) == {"MIT", "CC-BY-4.0", "none"}
    assert json.loads((kept / "manifest.json").read_text())["recipe_fingerprint"] in card.content
    assert "configs" not in card.data.to_dict()


def test_the_same_folder_gives_the_same_card(kept):
    paths = write_card(str(kept), (), None, None, None)
    first = [Path(path).read_bytes() for path in paths]
    assert write_card(str(kept), (), None, None, None) == paths
    assert [Path(path).read_bytes() for path in paths] == first


def test_what_is_no_finished_run_or_has_another_readme_is_refused(kept, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"has no manifest\.json"):
        write_card(str(tmp_path / "empty"), (), None, None, None)
    (kept / "README.md").write_text("# Mine\n")
    with pytest.raises(InputError, match="was not written by `orchard card`"):
        write_card(str(kept), (), None, None, None)
    assert (kept / "README.md").read_text() == "# Mine\n"
    (kept / "README.md").unlink()
    (kept / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match=r"manifest\.json"):
        write_card(str(kept), (), None, None, None)


@pytest.mark.parametrize("which", [0, -1])
def test_a_file_that_is_missing_is_named(kept, exported, which):
    for folder, pattern in ((kept, "kept/*.parquet"), (exported, "data/**/*.*")):
        gone = sorted(folder.glob(pattern))[which]
        gone.rename(gone.with_suffix(".moved"))
        with pytest.raises(InputError, match=f"{gone.relative_to(folder)}, which is not there"):
            write_card(str(folder), [], None, None, None)
        gone.with_suffix(".moved").rename(gone)


@pytest.mark.parametrize("folder", ["kept", "exported"])
def test_croissant_has_what_its_specification_asks_for(folder, request):
    path = request.getfixturevalue(folder)
    write_card(str(path), (), None, None, None)
    content = json.loads((path / "croissant.json").read_text())
    for name in ("name", "description", "license", "datePublished", "version", "citeAs"):
        assert content[name], name
    assert content["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {each["@id"] for each in content["distribution"]}
    for record_set in content["recordSet"]:
        for field in record_set["field"]:
            assert field["source"]["fileSet"]["@id"] in files


@pytest.mark.parametrize("folder", ["kept", "exported"])
def test_mlcroissant_finds_nothing_wrong(folder, request):
    mlcroissant = pytest.importorskip(
        "mlcroissant", reason="mlcroissant: in an environment of its own: pip install 'orchard[readers]'"
    )
    path = request.getfixturevalue(folder)
    write_card(str(path), (), None, None, None)
    dataset = mlcroissant.Dataset(jsonld=str(path / "croissant.json"))
    assert not dataset.metadata.ctx.issues.report()
    if folder == "kept":
        records = list(dataset.records("kept"))
        expected = [row["text"] for row in rows_of(path)]
        assert sorted(record["kept/text"].decode() for record in records) == sorted(expected)
