"""Engines take turns, nothing is extracted twice, and whatever an engine does is a result."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.extraction import measure
from benchmarks.extraction.contenders import Contender
from benchmarks.extraction.scores import judge
from benchmarks.extraction.watch import Watch
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.labels import Label
from pipelines.extract.page import Page
from pipelines.extract.scoring import score_order, score_words

PAGES = [LabelledPage(Page(str(n), f"<p>page {n}</p>"), Label(url=f"https://a{n}.example/", text=f"page {n}"))
         for n in range(120)]  # fmt: skip


def watch() -> Watch:
    return Watch(Console(file=io.StringIO()))


def counted(name: str, seen: list[str], version: str = "1", fails_at: int | None = None) -> Contender:
    def extract(page: LabelledPage) -> str:
        if len(seen) == fails_at:
            raise KeyboardInterrupt
        seen.append(f"{name} {page.page.id}")
        return page.page.html[3:-4]

    return Contender(name, f"{name} {version}", f"{name} {version}", lambda: extract)


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "WARM_UP", 0)
    first: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        measure.run([counted("a", first, fails_at=70)], PAGES, tmp_path, watch())
    second: list[str] = []
    results, _ = measure.run([counted("a", second)], PAGES, tmp_path, watch())
    assert first + second == [f"a {n}" for n in range(120)]
    assert [result.text for result in results["a"]] == [f"page {n}" for n in range(120)]
    third: list[str] = []
    again, _ = measure.run([counted("a", third)], PAGES, tmp_path, watch())
    assert (again, third) == (results, [])  # CPU times too are those of the first runs
    other: list[str] = []
    measure.run([counted("a", other, version="2")], PAGES, tmp_path, watch())
    assert len(other) == 120


def test_engines_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "WARM_UP", 0)
    seen: list[str] = []
    measure.run([counted("a", seen), counted("b", seen)], PAGES, None, watch())
    turns = [(0, 50), (50, 100), (100, 120)]
    assert seen == [f"{name} {n}" for start, end in turns for name in "ab" for n in range(start, end)]


def test_an_engine_that_cannot_be_imported_is_left_out() -> None:
    def prepare() -> measure.Extract:
        raise ModuleNotFoundError("no module lxml_html_clean")

    seen: list[str] = []
    results, left_out = measure.run([Contender("b", "b 1", "1", prepare), counted("a", seen)], PAGES[:3], None, watch())
    assert list(results) == ["a"]
    assert left_out == ["b: cannot be imported (no module lxml_html_clean)"]


def test_failures_and_endless_pages_are_results(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: LabelledPage) -> str:
        raise RecursionError

    def hang(page: LabelledPage) -> str:
        while True:
            try:
                time.sleep(60)
            except Exception:  # noqa: BLE001 (as libraries do)
                continue

    monkeypatch.setattr(measure, "LONGEST", 0.2)
    assert measure.extract_one(fail, PAGES[0])[2] == "RecursionError"
    text, _, error = measure.extract_one(hang, PAGES[0])
    assert (text, error) == ("", "more than 0.2 s")
    assert measure.extract_one(lambda page: "a\ud800", PAGES[0])[0] == "a?"


def test_pages_of_other_addresses_are_others() -> None:
    page = PAGES[0]
    other = LabelledPage(page.page._replace(url="https://b.example/"), page.label)
    assert measure.page_key(page) != measure.page_key(other)
    assert measure.page_key(page) == measure.page_key(LabelledPage(page.page, page.label))


def test_scores_are_the_same_from_the_cache(tmp_path: Path) -> None:
    found = {"a": [measure.Result(text, 1.0, "", "2026-01-01 00:00", 0.5) for text in ("page 0", "page x", "")]}
    first = judge(PAGES[:3], found, tmp_path, watch())
    assert [one.words.f1 for one in first["a"] if one] == [1.0, 0.5, 0.0]
    assert [one.order for one in first["a"] if one] == [
        score_order(result.text, page.label.text) for result, page in zip(found["a"], PAGES, strict=False)
    ]
    assert first["a"][1] is not None and first["a"][1].words == score_words("page x", "page 1")
    assert judge(PAGES[:3], found, tmp_path, watch()) == first
