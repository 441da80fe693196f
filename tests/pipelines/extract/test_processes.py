"""The processes behind a sandbox: they are replaced, they may be killed, and none outlives its parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psutil
import pytest
from trafilatura import external

from pipelines.extract.child import warm_engine
from pipelines.extract.engines.registry import MODULES
from pipelines.extract.metadata.months import months
from pipelines.extract.page import Extracted, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import OrchardSettings, ResiliparseSettings

from .conftest import Texts


def test_workers_are_replaced_and_the_order_holds(faulty: ExtractionSandbox) -> None:
    pages = [Page(str(number), f"page {number}") for number in range(4_500)]
    outcomes = [o for o in faulty.extract_many(pages) if isinstance(o, Extracted)]
    assert [o.text for o in outcomes] == [page.html for page in pages]
    assert len({o.author for o in outcomes}) == 3, "author holds the worker's process id"


def test_an_engine_has_read_its_lists_before_workers_are_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "JT_STOPLIST", None)
    months.cache_clear()
    warm_engine(MODULES["orchard"], OrchardSettings())
    assert external.JT_STOPLIST
    assert months.cache_info().currsize == 1


def worker_of(sandbox: ExtractionSandbox) -> psutil.Process:
    """The worker that runs now; ``faulty_engine`` gives its process id as the author."""
    (outcome,) = sandbox.extract_many([Page("1", "a")])
    assert isinstance(outcome, Extracted)
    return psutil.Process(int(outcome.author or ""))


@pytest.mark.parametrize("victim", [lambda worker: worker, lambda worker: worker.parent()], ids=["worker", "zygote"])
def test_processes_killed_from_outside_cost_nothing(
    faulty: ExtractionSandbox, victim: Callable[[psutil.Process], psutil.Process], texts: Texts
) -> None:
    victim(worker_of(faulty)).kill()
    assert texts(faulty, "a", "b") == ["a", "b"]
    pages = [f"page {number}" for number in range(300)]
    got = []
    for number, outcome in enumerate(faulty.extract_many(Page("", html) for html in pages)):
        assert isinstance(outcome, Extracted)
        got.append(outcome.text)
        if number == 100:
            worker = psutil.Process(int(outcome.author or ""))
            victim(worker).kill()
    assert got == pages
    assert not psutil.wait_procs([worker], timeout=10)[1], "a worker outlives the process that started it"


def test_outcomes_of_a_loop_left_early_are_not_taken_for_others(faulty: ExtractionSandbox, texts: Texts) -> None:
    for outcome in faulty.extract_many(Page("", f"old {number}") for number in range(1_000)):
        assert outcome.text == "old 0"  # type: ignore[union-attr]
        break
    assert texts(faulty, "new 1", "new 2") == ["new 1", "new 2"]


def test_an_error_of_the_callers_own_iterator_reaches_the_caller(faulty: ExtractionSandbox, texts: Texts) -> None:
    def pages() -> Iterator[Page]:
        yield from (Page("", f"old {number}") for number in range(200))
        raise OSError("the disk is gone")

    descriptors = psutil.Process().num_fds()
    for _ in range(3):
        with pytest.raises(OSError, match="the disk is gone"):
            list(faulty.extract_many(pages()))
    assert psutil.Process().num_fds() <= descriptors
    assert texts(faulty, "new") == ["new"]


def test_what_engines_print_goes_nowhere(
    faulty: ExtractionSandbox, capfd: pytest.CaptureFixture[str], texts: Texts
) -> None:
    assert texts(faulty, "print", "a") == ["print", "a"]
    assert capfd.readouterr() == ("", "")


def test_url_and_day_reach_the_engine(faulty: ExtractionSandbox) -> None:
    page = Page("1", "a", "http://é.test/\ud800", date(2024, 2, 29))
    (outcome,) = faulty.extract_many([page])
    assert isinstance(outcome, Extracted)
    assert (outcome.title, outcome.date) == ("http://é.test/\ufffd", "2024-02-29")


@pytest.mark.usefixtures("faulty_engine")
def test_nothing_is_left_behind(texts: Texts) -> None:
    before = set(psutil.Process().children(recursive=True))
    descriptors = psutil.Process().num_fds()
    with ExtractionSandbox(ResiliparseSettings()) as sandbox:
        assert texts(sandbox, "a", "segfault", "b") == ["a", "[ExtractionCrash]", "b"]
        assert len(set(psutil.Process().children(recursive=True)) - before) == 2
    assert set(psutil.Process().children(recursive=True)) <= before
    assert psutil.Process().num_fds() == descriptors


@pytest.mark.usefixtures("faulty_engine")
@pytest.mark.parametrize("page", ["a", "sleep", "burn"])
def test_children_die_with_a_killed_parent(tmp_path: Path, page: str) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent(f"""
        import psutil, threading, time
        from pipelines.extract.engines.registry import MODULES
        from pipelines.extract.page import Page
        from pipelines.extract.sandbox import ExtractionSandbox
        from schemas.recipe.extract import ResiliparseSettings
        MODULES["resiliparse"] = "faulty_engine"
        with ExtractionSandbox(ResiliparseSettings(time_limit_seconds=3600)) as sandbox:
            list(sandbox.extract_many([Page("", "a")]))
            print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
            list(sandbox.extract_many([Page("", {page!r})]))
            time.sleep(3600)
        """)
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        assert len(children) == 2
        time.sleep(0.2)
        parent.send_signal(signal.SIGKILL)
    assert not psutil.wait_procs(children, timeout=10)[1]
