import io
import time

from rich.console import Console

from pipelines.engine.watch import progress as progress_module
from pipelines.engine.watch import progress_view
from pipelines.engine.watch.progress import ProgressLog, ProgressReader
from pipelines.engine.watch.progress_view import ProgressView, Todo, rate


def test_what_workers_write_is_summed_by_stage_once(tmp_path, monkeypatch):
    monkeypatch.setattr(progress_module, "FLUSH_SECONDS", 0)
    reader = ProgressReader(tmp_path)
    extract, decide = ProgressLog(str(tmp_path), "extract"), ProgressLog(str(tmp_path), "decide")
    extract.add(documents=10, size=500, kept=7)
    reader.poll()
    extract.add(documents=1, size=5, kept=0)
    extract.shard_done()
    decide.add(documents=4, kept=1)
    reader.poll()
    reader.poll()
    assert vars(reader.stages["extract"]) == {"documents": 11, "bytes": 505, "kept": 7, "shards": 1}
    assert reader.stages["decide"].kept == 1


def test_a_line_that_is_half_written_waits(tmp_path):
    (tmp_path / "1.jsonl").write_text('{"error": "one"}\n{"error": "t')
    reader = ProgressReader(tmp_path)
    reader.poll()
    assert reader.errors == ["one"]
    with (tmp_path / "1.jsonl").open("a") as file:
        file.write('wo"}\n')
    reader.poll()
    assert reader.errors == ["one", "two"]


def test_without_a_folder_nothing_is_written(tmp_path):
    ProgressLog(None, "extract").shard_done()
    ProgressLog(str(tmp_path / "gone"), "extract").shard_done()
    assert list(tmp_path.iterdir()) == []


def test_bars_show_shards_speed_and_share_on_a_terminal(tmp_path):
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    log = ProgressLog(str(tmp_path), "extract")
    with ProgressView(ProgressReader(tmp_path), {"extract": Todo(2, bytes=4_000_000), "decide": Todo(0)}, console):
        log.add(documents=100, size=1_000_000, kept=25)
        log.shard_done()
    shown = screen.getvalue()
    assert "extract" in shown
    assert "1/2" in shown
    assert "kept 25 %" in shown
    assert "decide" not in shown


def test_less_than_one_a_second_is_not_shown_as_none():
    assert [rate(speed) for speed in (0.0, 0.1432, 7.25, 12.4, 1234.0)] == ["0", "0.14", "7.2", "12", "1,234"]


def test_without_a_terminal_a_stage_that_is_over_is_said_once(tmp_path, monkeypatch):
    monkeypatch.setattr(progress_view, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(progress_view, "LINE_SECONDS", 0.0)
    screen = io.StringIO()
    over, going_on = ProgressLog(str(tmp_path), "extract"), ProgressLog(str(tmp_path), "decide")
    over.add(documents=10, kept=5)
    over.shard_done()
    going_on.add(documents=10, kept=5)
    going_on.shard_done()
    with ProgressView(ProgressReader(tmp_path), {"extract": Todo(1), "decide": Todo(2)}, Console(file=screen)):
        until = time.monotonic() + 20
        while screen.getvalue().count("decide") < 3 and time.monotonic() < until:
            time.sleep(0.01)
    assert screen.getvalue().count("decide") >= 3
    assert screen.getvalue().count("extract") == 1
