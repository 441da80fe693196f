"""Sheets and the form: blind, harmless whatever a payload holds, and read back as they were filled."""

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import pytest

from datagen.evaluation.form import write_form
from datagen.evaluation.graded import BadSheet, CodedGrading, read_all, read_graded, write_gradings
from datagen.evaluation.grades import DIMENSIONS, Task, overall
from datagen.evaluation.judging import MOST_CHARACTERS, Graded
from datagen.evaluation.key import Coded, Key
from datagen.evaluation.sheet import blind, code, write_sheet
from datagen.evaluation.systems import Written
from datagen.structured import answer_schema

HOSTILE = '</script><img src=x onerror=alert(1)> & "quoted"\n=cmd|calc'
TASK = Task("email", "topline")
WRITTEN = [
    Written(f"i{n}", system, TASK, HOSTILE, "Summarize.", "=1+1") for n in range(5) for system in ("small", "large")
]
KEY = Key(
    items={code(one): Coded(task=TASK, item=one.item, system=one.system) for one in WRITTEN},
    unanswered={},
    anonymised=True,
)
GRADES = ("Good", "good", "neutral", "good", "good")


def test_a_sheet_is_blind_and_comes_back_as_it_was_filled(tmp_path):
    sheet = write_sheet(blind(WRITTEN, seed=0))
    assert "small" not in sheet and "large" not in sheet
    rows = list(csv.DictReader(StringIO(sheet)))
    assert {row["summary"] for row in rows} == {"'=1+1"}
    assert {row["content"] for row in rows} == {HOSTILE}
    path = tmp_path / "ann.csv"
    path.write_text(sheet)
    assert read_graded(path, KEY) == []
    path.write_text(sheet.replace("'=1+1,,,,,", f"'=1+1,{','.join(GRADES)}"))
    found = read_all([path], KEY)
    assert {(each.item, each.system) for each in found} == {(one.item, one.system) for one in WRITTEN}
    assert {each.grader for each in found} == {"ann"}
    assert all(overall(each.grades) == "neutral" for each in found)
    path.write_text(path.read_text().replace("Good", "great"))
    with pytest.raises(BadSheet, match=r"ann.csv, row \d+: composition: 'great'; each must be one of good, neutral"):
        read_graded(path, KEY)


def test_what_spreadsheets_make_of_a_sheet(tmp_path):
    sheet = write_sheet(blind(WRITTEN, seed=0)).replace("'=1+1,,,,,", f"'=1+1,{','.join(GRADES)}")
    path = tmp_path / "ann.csv"
    for separator in ";\t":
        rows = StringIO()
        csv.writer(rows, delimiter=separator).writerows(csv.reader(StringIO(sheet)))
        path.write_text(rows.getvalue(), encoding="utf-8-sig")
        assert len(read_graded(path, KEY)) == len(WRITTEN)
    path.write_text(sheet.replace("groundedness", "grounded", 1))
    with pytest.raises(BadSheet, match=r"row 1: no column groundedness: fill the sheet.csv that"):
        read_graded(path, KEY)
    path.write_bytes(sheet.replace("quoted", "\xe9", 1).encode("cp1252"))
    with pytest.raises(BadSheet, match=r'ann.csv: is not UTF-8: save it as "CSV UTF-8"'):
        read_graded(path, KEY)
    path.write_text(sheet.replace("Good,good", "Good,", 1))
    with pytest.raises(BadSheet, match=r"row \d+: comprehensiveness: empty; each must be one of"):
        read_graded(path, KEY)
    with pytest.raises(BadSheet, match=r"bob.csv: there is no such file of grades"):
        read_graded(tmp_path / "bob.csv", KEY)


def test_the_lines_of_form_and_judge_come_back(tmp_path):
    path = tmp_path / "grades-ann.jsonl"
    gradings = [CodedGrading(code=one, grader="ann", grades=dict.fromkeys(DIMENSIONS, "good")) for one in KEY.items]
    path.write_text(write_gradings(gradings) + "\n")
    assert {(each.item, each.system) for each in read_all([path], KEY)} == {(o.item, o.system) for o in WRITTEN}
    path.write_text(json.dumps({"code": "0" * 16, "grader": "ann", "grades": dict.fromkeys(DIMENSIONS, "good")}))
    with pytest.raises(BadSheet, match="line 1: no item has the code '0000000000000000': is it another sheet's"):
        read_graded(path, KEY)
    path.write_text(json.dumps({"code": next(iter(KEY.items)), "grader": "ann", "grades": {"composition": "good"}}))
    with pytest.raises(BadSheet, match="line 1: no grade for comprehensiveness, groundedness"):
        read_graded(path, KEY)
    path.write_text(json.dumps({"code": "x", "grader": "ann", "grades": {"composition": "great"}}))
    with pytest.raises(BadSheet, match=r"line 1: grades.composition: Input should be 'good', 'neutral' or 'poor'"):
        read_graded(path, KEY)


def test_a_code_is_no_number_and_stands_for_one_summary_only():
    written = [Written(f"i{n}", "m", TASK, "content", "asked", f"summary {n}") for n in range(3000)]
    codes = {code(one) for one in written}
    assert len(codes) == 3000 and all(re.fullmatch("s[0-9a-f]{15}", one) for one in codes)
    again = [replace(one, summary="what it writes after another training") for one in written]
    assert not codes & {code(one) for one in again}


def test_what_a_grader_says_twice_counts_once_and_never_two_ways(tmp_path):
    good, poor = dict.fromkeys(DIMENSIONS, "good"), dict.fromkeys(DIMENSIONS, "good") | {"harmfulness": "poor"}
    first, second, *_ = KEY.items
    early, late, changed = (tmp_path / f"{name}.jsonl" for name in ("grades-ann", "grades-ann (1)", "changed"))
    ann = [CodedGrading(code=one, grader="ann", grades=good) for one in (first, second)]
    early.write_text(write_gradings(ann[:1]))
    late.write_text(write_gradings([*ann, ann[1].model_copy(update={"grader": "bob", "grades": poor})]))
    assert [(each.grader, overall(each.grades)) for each in read_all([early, late], KEY)] == [
        ("ann", "good"), ("ann", "good"), ("bob", "poor"),
    ]  # fmt: skip
    changed.write_text(write_gradings([ann[1], ann[0].model_copy(update={"grades": poor})]))
    with pytest.raises(BadSheet) as refused:
        read_all([late, changed], KEY)
    assert f"{changed}, line 2: ann has graded this summary otherwise in {late}, line 1" in str(refused.value)


def test_other_files_than_grades_are_refused_by_name(tmp_path):
    (tmp_path / "ann.CSV").write_text(write_sheet(blind(WRITTEN, seed=0)))
    assert read_all([tmp_path / "ann.CSV"], KEY) == []
    for name in ("ann.xlsx", "key.json", "ann"):
        with pytest.raises(BadSheet, match=r"grades are a filled sheet, saved as .csv, or the .jsonl of the form"):
            read_all([tmp_path / name], KEY)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_form_holds_payloads_as_data_only():
    page = write_form(blind(WRITTEN, seed=0))
    tags = Tags(page).tags
    assert [tag for tag, _ in tags if tag in ("img", "link", "iframe")] == []
    assert [attributes for tag, attributes in tags if tag == "script"] == [
        {"type": "application/json", "id": "data"},
        {},
    ]
    assert not any({"src", "href", "onerror"} & attributes.keys() for _, attributes in tags)
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert {item["content"] for item in data["items"]} == {HOSTILE}
    assert {item["code"] for item in data["items"]} == set(KEY.items)
    assert [dimension["name"] for dimension in data["dimensions"]] == list(DIMENSIONS)
    assert "innerHTML" not in page and "small" not in found[1] and "large" not in found[1]


def test_a_judge_is_guided_to_a_short_reason_and_a_long_one_is_taken():
    grades = dict.fromkeys(DIMENSIONS, "good")
    assert Graded.model_validate(grades | {"reason": "so " * MOST_CHARACTERS}).composition == "good"
    assert answer_schema(Graded)["properties"]["reason"]["maxLength"] == MOST_CHARACTERS
