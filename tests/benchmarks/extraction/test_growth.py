"""Pages that grow, and what is said of their cost."""

import os
import time

from benchmarks.extraction import growth
from benchmarks.extraction.contenders import Contender
from pipelines.extract.labelled import LabelledPage


def contender(extract) -> Contender:
    return Contender("made up", "made-up 1", "1", lambda: extract)


def test_pages_have_the_size_that_is_asked_for() -> None:
    for size in (10_000, 1_000_000):
        assert abs(len(growth.long_page(size)) - size) < 0.1 * size
    assert growth.deep_page(100).count("<div>") == 100


def test_whatever_an_engine_does_is_a_result(monkeypatch) -> None:
    def extract(labelled: LabelledPage) -> str:
        match len(labelled.page.html):
            case 1:
                raise RecursionError
            case 2:
                os._exit(1)
            case 3:
                time.sleep(60)
        return labelled.page.html

    monkeypatch.setattr(growth, "PATIENCE", 0.5)
    pages = [(1, "a"), (2, "ab"), (10, "a" * 10), (3, "abc"), (11, "a" * 11)]
    found = growth.measure(contender(extract), pages)
    assert [(cost.size, cost.error) for cost in found] == [
        (1, "RecursionError"), (2, "crashed"), (10, ""), (3, "more than 0.5 s"),
    ]  # fmt: skip


def test_a_plot_has_a_line_a_page() -> None:
    lines = growth.plot("t", "tags", [growth.Cost(10, 0.001, 0, ""), growth.Cost(100, 0.01, 5_000_000, "crashed")])
    _, first, second = lines.split("\n")
    assert first.count("#") < second.count("#")
    assert second.endswith("crashed")
