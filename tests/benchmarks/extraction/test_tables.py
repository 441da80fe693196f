"""Tables by group, where ours stands beside the others, and the report."""

from rich.console import Console

from benchmarks.extraction.causes import passage, worst
from benchmarks.extraction.grid import Grid, as_markdown, as_table
from benchmarks.extraction.measure import Result
from benchmarks.extraction.report import Section, as_report, measured
from benchmarks.extraction.scores import Judged
from benchmarks.extraction.standing import bars, beside_others, standings
from benchmarks.extraction.tables import by_group, measures, overall
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.labels import Label
from pipelines.extract.page import Page
from pipelines.extract.scoring import Score


def page(number: int, source: str) -> LabelledPage:
    url = f"https://{source}{number}.example/"
    return LabelledPage(Page(str(number), "<p>a b c</p>", url), Label(url=url, text="a b c", source=source))


PAGES = [page(number, "wide") for number in range(12)] + [page(number, "small") for number in range(3)]


def column(*f1s: float) -> list[Judged | None]:
    """F1 of the twelve pages of the first source, and of the three others."""
    scores = [Score(f1, f1, f1) for f1, count in zip(f1s, (12, 3), strict=True) for _ in range(count)]
    return [Judged(score, score, score) for score in scores]


def times(milliseconds: float, text: str = "a b") -> list[Result]:
    return [Result(text, milliseconds, "", f"2026-01-0{1 + n // 10} 00:00", n / 10) for n in range(15)]


JUDGED = {
    "orchard": column(0.9, 0.5), "orchard, text alone": column(0.9, 0.5), "trafilatura": column(0.8, 0.6),
    "trafilatura, precision": column(0.92, 0.1), "jusText": column(0.3, 0.95),
}  # fmt: skip
RESULTS = {name: times(ms) for name, ms in zip(JUDGED, (2.5, 2.0, 24.0, 23.0, 9.0), strict=True)}
VALUES = measures(JUDGED, RESULTS)


def by_source(page: LabelledPage) -> str:
    return page.label.source


def test_means_over_pages() -> None:
    rows = {row[0]: row for row in overall(JUDGED, RESULTS).rows}
    assert rows["orchard"][1:9] == ("0.820", "0.820", "0.820", "0.820", "0.820", "0", "2.50", "2.50")
    grid = by_group("source", PAGES, VALUES["CPU ms a page"], by_source, "CPU ms a page")
    assert grid.head == ("source", "pages", *JUDGED)
    assert grid.rows[0] == ("wide", "12", "2.500", "2.000", "24.000", "23.000", "9.000")
    assert by_group("source", PAGES, VALUES["F1"], by_source, "F1").rows[1][:3] == ("(others)", "3", "0.500")


def test_ours_stands_beside_the_best_mode_of_each_group() -> None:
    found = standings(PAGES, VALUES["F1"], VALUES["CPU ms a page"], by_source)
    rows = beside_others("source", found).rows
    assert rows[0] == ("wide", "12", "0.900", "0.920 precision", "-0.020", "0.300 jusText", "2.5", "24.0")
    assert rows[1] == ("(others)", "3", "0.500", "0.600 default", "-0.100", "0.950 jusText", "2.5", "24.0")
    assert standings(PAGES, {"orchard": VALUES["F1"]["orchard"]}, VALUES["CPU ms a page"], by_source) == []


def test_bars_are_met_or_missed() -> None:
    rows = {row[0]: row[1:] for row in bars(PAGES, VALUES["F1"], VALUES["CPU ms a page"]).rows}
    assert rows["mean F1"] == ("at least 0.90", "0.820", "**missed**")
    assert rows["CPU ms a page, orchard, text alone"] == ("at most 3", "2.00", "met")
    # Of the group of three pages nothing is asked.
    assert rows["each source against trafilatura's best"] == ("not below -0.01", "wide -0.020", "**missed**")
    better = {**VALUES["F1"], "orchard": [0.95] * 15}
    rows = {row[0]: row[1:] for row in bars(PAGES, better, VALUES["CPU ms a page"]).rows}
    assert rows["mean F1"][2] == "met"
    assert rows["each source against trafilatura's best"][1:] == ("least: wide +0.030", "met")


def test_the_worst_pages_say_what_is_lost_and_who_did_better() -> None:
    grid = worst("orchard", PAGES, RESULTS["orchard"], JUDGED, 2)
    assert len(grid.rows) == 2
    row = dict(zip(grid.head, grid.rows[0], strict=True))
    assert row["page"].startswith("https://small")
    assert (row["cause"], row["lost"], row["wrongly kept"]) == ("under-extraction", "1 word: c ...", "nothing")
    assert row["best of the others"] == "0.95 jusText"
    assert passage("a a b", "a b") == "1 word more of what is there"


def test_cells_cannot_break_a_table() -> None:
    grid = Grid("t", ("name", "value"), [("a|b <br>\nc", "**1.5**"), ("[red]", "-2")])
    assert as_markdown(grid) == "| name | value |\n| --- | ---: |\n| a\\|b &lt;br> c | **1.5** |\n| [red] | -2 |"
    console = Console(width=60)
    with console.capture() as capture:
        console.print(as_table(grid))
    assert "[red]" in capture.get()
    assert "**" not in capture.get()


def test_a_report_has_all_that_was_measured_and_where() -> None:
    engines = dict.fromkeys(RESULTS, "some library 1.0")
    when = measured(engines, RESULTS)
    assert when.rows[0] == ("orchard", "some library 1.0", "2026-01-01 00:00", "2026-01-02 00:00", "0.0 to 1.4")
    grid = overall(JUDGED, RESULTS)
    text = as_report("command --here", PAGES, ["a note"], [Section("Summary", "about it", [grid])], when)
    for part in ("`command --here`", "15 labelled pages of 15 sites", "a note", "## Summary\n\nabout it", "GiB"):
        assert part in text
    assert as_markdown(grid) in text and as_markdown(when) in text
