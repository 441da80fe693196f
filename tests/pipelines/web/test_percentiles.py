import pyarrow.parquet as pq
import pytest

from schemas.recipe.error import RecipeError
from tests.pipelines.web.crawl import write_crawl
from tests.support.classifiers import train_tiny


@pytest.fixture
def with_classifier(recipe_file, tmp_path):
    model, _ = train_tiny(tmp_path / "model")
    recipe_file.write_text(
        recipe_file.read_text()
        + f"  - {{type: fasttext, name: quality, model: {model}, score: {{min_percentile: 40}}}}\n"
    )
    return recipe_file


def scores(folder) -> list[float]:
    tables = [pq.read_table(path, columns=["signals"]) for path in sorted(folder.glob("*.parquet"))]
    rows = [row["signals"]["quality"] for table in tables for row in table.to_pylist()]
    return sorted(row["score"] for row in rows if row is not None and row["score"] is not None)


def test_the_share_above_the_percentile_is_kept_whatever_the_shards(run, with_classifier, tmp_path):
    kept = {}
    for shards, pages in ((1, 75), (3, 25), (5, 15)):
        crawl = write_crawl(tmp_path / f"crawl-{shards}", shards, pages)
        manifest, _ = run(crawl, tmp_path / f"out-{shards}")
        assert manifest.counts.dropped["quality.score"] == 6
        kept[shards] = scores(tmp_path / f"out-{shards}" / "kept")
    assert len(kept[1]) == 9
    assert kept[1] == kept[3] == kept[5]
    assert max(scores(tmp_path / "out-3" / "dropped")) < min(kept[3])


def test_more_inputs_move_the_threshold_of_all_shards(run, with_classifier, tmp_path):
    write_crawl(tmp_path / "crawl", shards=3, pages=25)
    first = [str(tmp_path / "crawl" / "crawl-00.warc.gz")]
    one, _ = run(first, tmp_path / "out")
    assert one.counts.dropped["quality.score"] == 2
    three, _ = run(str(tmp_path / "crawl" / "*.warc.gz"), tmp_path / "out")
    assert three.counts.dropped["quality.score"] == 6
    again, printed = run(str(tmp_path / "crawl" / "*.warc.gz"), tmp_path / "out")
    assert "nothing to do" in printed
    assert again == three


def test_another_percentile_runs_only_the_decision(run, with_classifier, tmp_path):
    crawl = write_crawl(tmp_path / "crawl")
    run(crawl, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("records/*/*.json")}
    manifest, _ = run(crawl, tmp_path / "out", "filters.quality.score.min_percentile=80")
    assert manifest.counts.dropped["quality.score"] == 12
    changed = {path.parent.name for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert changed == {"decide"}


def test_models_measure_only_what_is_kept_unless_all_is_wanted(run, with_classifier, tmp_path):
    crawl = write_crawl(tmp_path / "crawl")
    run(crawl, tmp_path / "some")
    run(crawl, tmp_path / "all", "measure=all")
    count = lambda out: len(scores(out / "kept") + scores(out / "dropped"))  # noqa: E731
    assert count(tmp_path / "some") == 15
    assert count(tmp_path / "all") == 60


def test_a_percentile_of_what_is_no_probability_is_refused(run, with_classifier, tmp_path):
    with pytest.raises(RecipeError, match="only a probability can be bounded by a percentile"):
        run(write_crawl(tmp_path / "crawl"), tmp_path / "out", "filters.gopher_quality.word_count.min_percentile=10")
