"""Faults inside the engine: each costs its own page, and says why."""

import pytest

from pipelines.extract import sandbox as sandbox_module
from pipelines.extract.page import ExtractionFailure, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import ResiliparseSettings

from .conftest import Texts


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
def test_a_fault_costs_one_page(
    faulty: ExtractionSandbox, texts: Texts, fault: str, error_class: str, message: str
) -> None:
    expected = f"[{error_class}]"
    assert texts(faulty, "a", fault, "b", "c", fault, fault, "d") == ["a", expected, "b", "c", expected, expected, "d"]
    (found,) = faulty.extract_many([Page("", fault)])
    assert isinstance(found, ExtractionFailure)
    assert found.error_class == error_class
    assert found.message.startswith(message)


@pytest.mark.usefixtures("faulty_engine")
def test_a_page_that_waits_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch, texts: Texts) -> None:
    monkeypatch.setattr(sandbox_module, "WALL_GRACE", 0.0)
    with ExtractionSandbox(ResiliparseSettings(time_limit_seconds=0.1)) as sandbox:
        assert texts(sandbox, "a", "sleep", "b") == ["a", "[ExtractionTimeout]", "b"]


def test_memory_of_earlier_pages_is_not_charged_to_a_page(faulty: ExtractionSandbox, texts: Texts) -> None:
    """Each holds on to 70 MiB for good: the limit of 256 MiB would end the fourth."""
    assert texts(faulty, *["grow"] * 8) == ["grow"] * 8


def test_a_swallowed_lack_of_memory_is_found(faulty: ExtractionSandbox, texts: Texts) -> None:
    """An engine that returns nothing after a failed allocation has not found an empty page."""
    assert texts(faulty, "empty", "swallow", "empty") == ["", "[ExtractionMemory]", ""]
