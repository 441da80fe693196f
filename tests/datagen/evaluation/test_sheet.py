"""Sheets and the form: blind, harmless whatever a payload holds, and read back as they were filled."""

import csv
import json
import re
from html.parser import HTMLParser
from io import StringIO

import pytest

from datagen.evaluation.form import write_form
from datagen.evaluation.grades import DIMENSIONS, overall
from datagen.evaluation.key import Coded, Key
from datagen.evaluation.sheet import BadSheet, CodedGrading, blind, code, read_graded, write_gradings, write_sheet
from datagen.evaluation.systems import Written

HOSTILE = '</script><img src=x onerror=alert(1)> & "quoted"\n=cmd|calc'
WRITTEN = [
    Written(f"i{n}", system, "topline", HOSTILE, "Summarize.", "=1+1")
    for n in range(5)
    for system in ("small", "large")
]
KEY = Key(
    items={code(one.item, one.system): Coded(item=one.item, system=one.system) for one in WRITTEN},
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
    found = read_graded(path, KEY)
    assert {(each.item, each.system) for each in found} == {(one.item, one.system) for one in WRITTEN}
    assert {each.grader for each in found} == {"ann"}
    assert all(overall(each.grades) == "neutral" for each in found)
    path.write_text(path.read_text().replace("Good", "great"))
    with pytest.raises(BadSheet, match=r"ann.csv, line \d+: composition: 'great'; each must be one of good, neutral"):
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
    with pytest.raises(BadSheet, match=r"line 1: no column groundedness: fill the sheet.csv that"):
        read_graded(path, KEY)
    path.write_bytes(sheet.replace("quoted", "\xe9", 1).encode("cp1252"))
    with pytest.raises(BadSheet, match=r'ann.csv: is not UTF-8: save it as "CSV UTF-8"'):
        read_graded(path, KEY)
    path.write_text(sheet.replace("Good,good", "Good,", 1))
    with pytest.raises(BadSheet, match=r"line \d+: comprehensiveness: empty; each must be one of"):
        read_graded(path, KEY)
    with pytest.raises(BadSheet, match=r"bob.csv: there is no such file of grades"):
        read_graded(tmp_path / "bob.csv", KEY)


def test_the_lines_of_form_and_judge_come_back(tmp_path):
    path = tmp_path / "grades-ann.jsonl"
    gradings = [CodedGrading(code=one, grader="ann", grades=dict.fromkeys(DIMENSIONS, "good")) for one in KEY.items]
    path.write_text(write_gradings(gradings) + "\n")
    assert {(each.item, each.system) for each in read_graded(path, KEY)} == {(o.item, o.system) for o in WRITTEN}
    path.write_text(json.dumps({"code": "0" * 16, "grader": "ann", "grades": dict.fromkeys(DIMENSIONS, "good")}))
    with pytest.raises(BadSheet, match="line 1: no item has the code '0000000000000000': is it another sheet's"):
        read_graded(path, KEY)
    path.write_text(json.dumps({"code": next(iter(KEY.items)), "grader": "ann", "grades": {"composition": "good"}}))
    with pytest.raises(BadSheet, match="line 1: no grade for comprehensiveness, groundedness"):
        read_graded(path, KEY)
    path.write_text(json.dumps({"code": "x", "grader": "ann", "grades": {"composition": "great"}}))
    with pytest.raises(BadSheet, match=r"line 1: grades.composition: Input should be 'good', 'neutral' or 'poor'"):
        read_graded(path, KEY)


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
