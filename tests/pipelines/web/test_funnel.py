import io

from rich.console import Console

from pipelines.job.funnel import print_summary


def shown(manifest, width: int) -> str:
    screen = io.StringIO()
    print_summary(manifest, "out", Console(file=screen, width=width))
    return screen.getvalue()


def test_it_says_where_every_page_went_and_where_the_files_are(run, crawl, tmp_path):
    manifest, _ = run(crawl, tmp_path / "out")
    text = shown(manifest, 80)
    assert "75 records in 3 shard(s)" in text
    for rule, count in {**manifest.counts.dropped, "kept": 15}.items():
        assert any(rule in line and f" {count} " in line and " 20.0 % " in line for line in text.splitlines()), rule
    assert "█" not in text
    assert "█████" in shown(manifest, 120)
    assert "manifest: out/manifest.json" in text
    assert "failed:" not in text


def test_a_table_of_short_rules_does_not_break_its_title(run, crawl, tmp_path):
    manifest, _ = run(crawl, tmp_path / "out")
    counts = manifest.counts.model_copy(update={"dropped": {}, "kept": 75})
    text = shown(manifest.model_copy(update={"counts": counts}), 80)
    assert "75 records in 3 shard(s)" in text
