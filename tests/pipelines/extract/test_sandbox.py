"""The sandbox: on real pages the same as the engine called directly; and no fault costs more than its own page."""

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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filters.errors import SettingError
from pipelines.extract import sandbox as sandbox_module
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.page import Extracted, ExtractionFailure, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.extract import ResiliparseSettings, TrafilaturaSettings

SENTENCES = "<html><body><p>" + "Words that make a sentence of some length. " * 10


def texts(sandbox: ExtractionSandbox, *pages: str) -> list[str]:
    """The text of each page, or the class of its failure in brackets."""
    outcomes = sandbox.extract_many(Page(str(number), html) for number, html in enumerate(pages))
    return [o.text if isinstance(o, Extracted) else f"[{o.error_class}]" for o in outcomes]


def failure(sandbox: ExtractionSandbox, html: str) -> ExtractionFailure:
    (outcome,) = sandbox.extract_many([Page("1", html)])
    assert isinstance(outcome, ExtractionFailure)
    return outcome


# --- real pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "every"),
    [(ResiliparseSettings(), 1), (TrafilaturaSettings(), 6), (TrafilaturaSettings(with_metadata=True, fast=True), 12)],
)
def test_real_pages_give_what_the_engine_gives(
    real_pages: list[Page], engine: ResiliparseSettings | TrafilaturaSettings, every: int
) -> None:
    pages = real_pages[::every]
    direct = prepare_engine(MODULES[engine.engine], engine)
    with ExtractionSandbox(engine) as sandbox:
        outcomes = list(sandbox.extract_many(pages))
    assert outcomes == [direct(page.html, page.url, page.fetched) for page in pages]
    assert sum(isinstance(o, Extracted) and len(o.text) > 200 for o in outcomes) > 0.8 * len(pages)


@pytest.fixture(scope="module")
def hardened() -> Iterator[ExtractionSandbox]:
    with ExtractionSandbox(TrafilaturaSettings(fast=True)) as sandbox:
        yield sandbox


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spliced_and_truncated_pages_never_raise(
    real_pages: list[Page], hardened: ExtractionSandbox, data: st.DataObject
) -> None:
    def piece() -> str:
        html = data.draw(st.sampled_from(real_pages)).html[:60_000]
        start = data.draw(st.integers(0, len(html)))
        return html[start : start + data.draw(st.integers(0, 8_000))]

    junk = data.draw(st.text(st.characters(codec=None), max_size=20))
    mixed = Page("mixed", piece() + junk + piece(), data.draw(st.sampled_from(["http://[", "x", None])))
    outcomes = list(hardened.extract_many([mixed, Page("whole", SENTENCES)]))
    assert len(outcomes) == 2
    assert isinstance(outcomes[0], Extracted)
    assert isinstance(outcomes[1], Extracted)
    assert outcomes[1].text.startswith("Words that make")
    outcomes[0].text.encode()


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error_class", "message"),
    [
        ("segfault", "ExtractionCrash", "ended by SIGSEGV in faulty_engine.py"),
        ("abort", "ExtractionCrash", "ended by SIGABRT in faulty_engine.py"),
        ("exit", "ExtractionCrash", "ended by exit code 7"),
        ("leave", "ExtractionCrash", "ended by exit code 1"),
        ("killed", "ExtractionCrash", "ended by SIGKILL"),
        ("burn", "ExtractionTimeout", "took more than 0.3 s of CPU time"),
        ("balloon", "ExtractionMemory", "needed more than 256 MiB"),
        ("rust", "ExtractionMemory", "needed more than 256 MiB"),
        ("raise", "ExtractionError", "ZeroDivisionError: division by zero"),
        ("recurse", "ExtractionError", "RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_a_fault_costs_one_page(faulty: ExtractionSandbox, fault: str, error_class: str, message: str) -> None:
    expected = f"[{error_class}]"
    assert texts(faulty, "a", fault, "b", "c", fault, fault, "d") == ["a", expected, "b", "c", expected, expected, "d"]
    found = failure(faulty, fault)
    assert found.error_class == error_class
    assert found.message.startswith(message)


@pytest.mark.usefixtures("faulty_engine")
def test_a_page_that_waits_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_module, "WALL_GRACE", 0.0)
    with ExtractionSandbox(ResiliparseSettings(time_limit_seconds=0.1)) as sandbox:
        assert texts(sandbox, "a", "sleep", "b") == ["a", "[ExtractionTimeout]", "b"]


def test_memory_of_earlier_pages_is_not_charged_to_a_page(faulty: ExtractionSandbox) -> None:
    """Each holds on to 70 MiB for good: the limit of 256 MiB would end the fourth."""
    assert texts(faulty, *["grow"] * 8) == ["grow"] * 8


def test_a_swallowed_lack_of_memory_is_found(faulty: ExtractionSandbox) -> None:
    """An engine that returns nothing after a failed allocation has not found an empty page."""
    assert texts(faulty, "empty", "swallow", "empty") == ["", "[ExtractionMemory]", ""]


def test_workers_are_replaced_and_the_order_holds(faulty: ExtractionSandbox) -> None:
    pages = [Page(str(number), f"page {number}") for number in range(4_500)]
    outcomes = [o for o in faulty.extract_many(pages) if isinstance(o, Extracted)]
    assert [o.text for o in outcomes] == [page.html for page in pages]
    assert len({o.author for o in outcomes}) == 3, "author holds the worker's process id"


def test_pages_too_large_or_too_deep_are_refused() -> None:
    large = "<p>" + "x" * (50 << 20)
    with ExtractionSandbox(TrafilaturaSettings()) as sandbox:
        got = texts(sandbox, SENTENCES, large, "<div>" * 200_000, "é" * 10_000_001, SENTENCES)
    assert got[1:4] == ["[PageTooLarge]", "[PageTooDeep]", "[PageTooLarge]"]
    assert got[0] == got[4] != ""


# --- pages that break real engines ----------------------------------------------------------------------------------


def test_page_that_takes_trafilatura_minutes() -> None:
    """trafilatura 2.3 searches a doctype with a pattern of quadratic time: 2 minutes for 400 kB of it."""
    slow = "<!doctype html" + " /" * 200_000 + SENTENCES
    with ExtractionSandbox(TrafilaturaSettings(time_limit_seconds=0.5)) as sandbox:
        assert texts(sandbox, SENTENCES, slow, SENTENCES)[1] == "[ExtractionTimeout]"
        assert failure(sandbox, slow).message == "took more than 0.5 s of CPU time"


def test_nesting_that_the_scan_lets_through_ends_at_the_time_limit() -> None:
    with ExtractionSandbox(ResiliparseSettings(max_nesting=1_000_000, time_limit_seconds=0.5)) as sandbox:
        got = texts(sandbox, SENTENCES, "<div>" * 200_000 + "x", SENTENCES)
    assert got[1] == "[ExtractionTimeout]"
    assert got[0] == got[2] != ""


@pytest.mark.parametrize("engine", [ResiliparseSettings, TrafilaturaSettings])
def test_page_that_takes_too_much_memory(engine: type[ResiliparseSettings | TrafilaturaSettings]) -> None:
    with ExtractionSandbox(engine(memory_limit_mb=128)) as sandbox:
        assert texts(sandbox, "<html><body>" + "<b>x</b>" * 1_000_000, SENTENCES)[0] == "[ExtractionMemory]"


@pytest.mark.parametrize("engine", [ResiliparseSettings(), TrafilaturaSettings()])
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        (" ", ""),
        ("\0", ""),
        (SENTENCES.replace("sentence", "sen\0tence"), "sentence"),
        (SENTENCES.replace("sentence", "sen\ud800tence"), "sen\ufffdtence"),
        (SENTENCES.replace("sentence", "\ud83d\ude00"), "\N{GRINNING FACE}"),
        (SENTENCES.replace("sentence", "&#xD800;x"), "x"),
    ],
)
def test_odd_characters(engine: ResiliparseSettings | TrafilaturaSettings, html: str, expected: str) -> None:
    with ExtractionSandbox(engine) as sandbox:
        (text,) = texts(sandbox, html)
    assert expected in text
    assert (text == "") == (expected == "")
    text.encode()


# --- processes ------------------------------------------------------------------------------------------------------


def worker_of(sandbox: ExtractionSandbox) -> psutil.Process:
    """The worker that runs now; ``faulty_engine`` gives its process id as the author."""
    (outcome,) = sandbox.extract_many([Page("1", "a")])
    assert isinstance(outcome, Extracted)
    return psutil.Process(int(outcome.author or ""))


@pytest.mark.parametrize("victim", [lambda worker: worker, lambda worker: worker.parent()], ids=["worker", "zygote"])
def test_processes_killed_from_outside_cost_nothing(
    faulty: ExtractionSandbox, victim: Callable[[psutil.Process], psutil.Process]
) -> None:
    victim(worker_of(faulty)).kill()
    assert texts(faulty, "a", "b") == ["a", "b"]
    pages = [f"page {number}" for number in range(300)]
    got = []
    for number, outcome in enumerate(faulty.extract_many(Page("", html) for html in pages)):
        assert isinstance(outcome, Extracted)
        got.append(outcome.text)
        if number == 100:
            victim(psutil.Process(int(outcome.author or ""))).kill()
    assert got == pages


def test_outcomes_of_a_loop_left_early_are_not_taken_for_others(faulty: ExtractionSandbox) -> None:
    for outcome in faulty.extract_many(Page("", f"old {number}") for number in range(1_000)):
        assert outcome.text == "old 0"  # type: ignore[union-attr]
        break
    assert texts(faulty, "new 1", "new 2") == ["new 1", "new 2"]


def test_an_error_of_the_callers_own_iterator_reaches_the_caller(faulty: ExtractionSandbox) -> None:
    def pages() -> Iterator[Page]:
        yield from (Page("", f"old {number}") for number in range(200))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(faulty.extract_many(pages()))
    assert texts(faulty, "new") == ["new"]


def test_what_engines_print_goes_nowhere(faulty: ExtractionSandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert texts(faulty, "print", "a") == ["print", "a"]
    assert capfd.readouterr() == ("", "")


def test_url_and_day_reach_the_engine(faulty: ExtractionSandbox) -> None:
    page = Page("1", "a", "http://é.test/\ud800", date(2024, 2, 29))
    (outcome,) = faulty.extract_many([page])
    assert isinstance(outcome, Extracted)
    assert (outcome.title, outcome.date) == ("http://é.test/\ufffd", "2024-02-29")


@pytest.mark.usefixtures("faulty_engine")
def test_nothing_is_left_behind() -> None:
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
        from schemas.extract import ResiliparseSettings
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
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_a_setting_that_the_engine_refuses_is_an_error_at_once() -> None:
    with (
        pytest.raises(SettingError, match=r"prune_xpath: '//\[' is not an XPath expression"),
        ExtractionSandbox(TrafilaturaSettings(prune_xpath=("//[",))),
    ):
        pass
