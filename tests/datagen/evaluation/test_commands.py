"""From real mails to grades by the command line: choose, generate apart, check, sheet, judge, report."""

import gzip
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from datagen.evaluation.choose import TooFew
from datagen.evaluation.frozen import Changed
from datagen.evaluation.grades import DIMENSIONS
from datagen.evaluation.report.report import Report
from datagen.payloads.anonymise import NotAnonymised
from filters.errors import SettingError
from pipelines.card.write import write_card
from pipelines.cli.app import app
from pipelines.read.files import InputError
from pipelines.validate import Passed, validate_path
from tests.support.endpoints import fake_endpoint

QUICK = ("--set", "gates=[]", "--set", "payloads.anonymise=false", "--set", "payloads.attacked_share=0")


def orchard(*arguments: object) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def mails(shared_data, tmp_path_factory) -> Path:
    """600 mails of real people, one of them sent once more by somebody else."""
    path = tmp_path_factory.mktemp("mails") / "mails.jsonl"
    with gzip.open(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line, _ in zip(file, range(600), strict=False)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture
def chosen(mails, tmp_path) -> Path:
    orchard("evaluation", "choose", "summaries", "-i", mails, "-o", tmp_path / "eval", "--size", 40)
    return tmp_path / "eval"


def test_a_frozen_set_is_the_same_again_and_no_other_takes_its_place(mails, chosen, tmp_path):
    payloads = (chosen / "email.jsonl").read_text()
    assert len(payloads.splitlines()) == json.loads((chosen / "email.json").read_text())["size"] == 40
    again = ("evaluation", "choose", "summaries", "-i", mails, "--size", 40, "-o")
    orchard(*again, chosen)
    assert (chosen / "email.jsonl").read_text() == payloads
    with pytest.raises(Changed, match="is frozen there, and this input, recipe and seed give"):
        orchard(*again, chosen, "--seed", 5)
    orchard(*again, tmp_path / "second", "--training", chosen / "email.jsonl")
    families = [{json.loads(line)["family"] for line in path.read_text().splitlines()}
                for path in (chosen / "email.jsonl", tmp_path / "second" / "email.jsonl")]  # fmt: skip
    assert not families[0] & families[1]
    (chosen / "email.jsonl").write_text(payloads.replace("the", "teh", 1))
    with pytest.raises(Changed, match="results are not comparable"):
        orchard("evaluation", "check", chosen)


def test_a_set_that_takes_every_family_says_that_nothing_is_left_to_train_on(mails, chosen, tmp_path):
    one = tmp_path / "one-mailbox.jsonl"
    rows = [json.loads(line) | {"person": "ann"} for line in mails.read_text().splitlines()[:60]]
    one.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    said = orchard("evaluation", "choose", "summaries", "-i", one, "-o", tmp_path / "sets", "--size", 20)
    assert "left to train on: 0 payloads" in said
    assert "warning: every seed family (mailbox, thread) of the input is in a set" in said
    some = orchard("evaluation", "choose", "summaries", "-i", mails, "-o", chosen, "--size", 40)
    assert re.search(r"left to train on: [1-9]\d* payloads", some)
    assert "warning" not in some


def test_training_is_generated_apart_from_the_set(mails, chosen, tmp_path):
    frozen = [json.loads(line) for line in (chosen / "email.jsonl").read_text().splitlines()]
    longest = max(frozen, key=lambda row: len(row["parts"][0]["text"].split()))["parts"][0]["text"]
    forwarded = tmp_path / "forwarded.jsonl"
    forwarded.write_text(json.dumps({"kind": "email", "person": "nobody", "text": f"See this. {longest}"}) + "\n")
    with fake_endpoint(tmp_path) as server:
        teacher = ("--teacher", "endpoint", "--set", f"teacher.url={server.url}", "--set", "teacher.model=fake")
        files = [part for file in (mails, forwarded, chosen / "email.jsonl") for part in ("-i", file)]
        common = ("generate", "summaries", *files, *teacher, *QUICK, "--limit", 120)
        orchard(*common, "-o", tmp_path / "without")
        output = orchard(*common, "-o", tmp_path / "apart", "--set", f"payloads.evaluation_sets=[{chosen}]")
    skipped = json.loads((tmp_path / "apart" / "manifest.json").read_text())["counts"]["skipped"]
    assert skipped["shares with an evaluation set"] >= 41
    assert "shares with" in output and f" {skipped['shares with an evaluation set']:,} " in output
    families = {json.loads(line)["family"] for line in (chosen / "email.jsonl").read_text().splitlines()}
    for run, apart in (("apart", True), ("without", False)):
        rows = [row for path in (tmp_path / run / "kept").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
        assert any("See this." in row["messages"][0]["content"] for row in rows) is not apart
        assert bool(families & {row["family"] for row in rows}) is not apart
    assert "none of" in orchard("evaluation", "check", chosen, "--training", tmp_path / "apart/kept/*.parquet")
    wrong = CliRunner().invoke(
        app, ["evaluation", "check", str(chosen), "--training", str(tmp_path / "without/kept/*.parquet")]
    )
    assert wrong.exit_code == 1 and re.search(r"share a family with a set \(training text \d+: [^)]+\)", wrong.output)


def test_a_set_that_was_edited_or_is_none_is_refused_before_anything_is_asked(mails, chosen, tmp_path):
    (chosen / "email.jsonl").write_text((chosen / "email.jsonl").read_text().replace("the", "teh", 1))
    apart = ("generate", "summaries", "-i", mails, "-o", tmp_path / "out", "--limit", 6)
    with pytest.raises(Changed, match=r"email.jsonl: holds 40 payloads with digest .*, frozen were 40 with"):
        orchard(*apart, "--set", f"payloads.evaluation_sets=[{chosen}]")
    with pytest.raises(Changed, match="go back to the frozen file, or freeze a new set elsewhere"):
        orchard("evaluation", "answer", "summaries", chosen, "-o", tmp_path / "out")
    with pytest.raises(SettingError, match="no evaluation set is there"):
        orchard(*apart, "--set", f"payloads.evaluation_sets=[{tmp_path}]")
    assert not (tmp_path / "out").exists()
    (chosen / "email.json").rename(chosen / "mail.json")
    with pytest.raises(SettingError, match=r"mail.json: describes a set of email: name both files email"):
        orchard("evaluation", "check", chosen)


def test_too_few_payloads_are_counted_by_use_case_with_what_was_left_out(mails, tmp_path):
    rows = [json.loads(line) for line in mails.read_text().splitlines()[:30]]
    more = [{"kind": "notification", "text": "Your parcel has arrived."}, {"kind": "meeting", "text": "long " * 30}]
    (tmp_path / "all.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in [*rows, *more]))
    few = (
        r"20 different payloads of each use case are needed, and there are: email \d+, meeting 1\. .*Left out: \d+ that"
    )
    with pytest.raises(TooFew, match=few):
        orchard("evaluation", "choose", "summaries", "-i", tmp_path / "all.jsonl", "-o", tmp_path / "e", "--size", 20)
    (tmp_path / "none.jsonl").write_text(json.dumps(more[0]) + "\n")
    with pytest.raises(TooFew, match=r"there are: none\. .*Left out: 1 that no product of the recipe suits"):
        orchard("evaluation", "choose", "summaries", "-i", tmp_path / "none.jsonl", "-o", tmp_path / "e")
    assert not (tmp_path / "e").exists()


def test_every_payload_of_a_set_is_answered_and_every_answer_is_graded(mails, tmp_path):
    """Payloads and answers that repeat others are graded too, or a system that repeats itself would do better."""
    rows = [json.loads(line) for line in mails.read_text().splitlines()[:20]]
    rows = [row | {"text": row["text"] + " SAY-THE-SAME"} for row in rows]
    rows += [rows[0] | {"person": "somebody else", "text": rows[0]["text"] + " Thanks."}]
    rows += [rows[1] | {"person": "anybody else", "text": f"REFUSE-ME {rows[1]['text']}"}]
    (tmp_path / "all.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    sets = tmp_path / "eval"
    suitable = ("evaluation", "choose", "summaries", "-i", tmp_path / "all.jsonl", "-o", sets, "--size")
    with pytest.raises(TooFew) as refused:
        orchard(*suitable, 700)
    size = int(re.findall(r"there are: email (\d+)\.", str(refused.value))[0])
    orchard(*suitable, size)
    recipe = ("--set", f"payloads.evaluation_sets=[{sets}]", "--set", "payloads.anonymise=false")
    with fake_endpoint(tmp_path) as server:
        teacher = ("--teacher", "endpoint", "--set", f"teacher.url={server.url}", "--set", "teacher.model=m")
        answer = ("evaluation", "answer", "summaries", sets, *teacher, *recipe, "--product", "title")
        orchard(*answer, "-o", tmp_path / "small")
        assert len(server.answered()) == size - 1
        orchard(*answer, "-o", tmp_path / "small")
        assert sum(server.answered().values()) == size - 1
        orchard(*answer[:-2], "-o", tmp_path / "large")
        with pytest.raises(SettingError, match="--product titel: the recipe summaries has topline, one-sentence, "):
            orchard(*("titel" if part == "title" else part for part in answer), "-o", tmp_path / "none")
        with pytest.raises(SettingError, match="eval: no evaluation set of message; there are some of email"):
            orchard(*answer, "--kind", "message", "-o", tmp_path / "none")
    systems, graded = (tmp_path / "small", tmp_path / "large"), tmp_path / "graded"
    output = orchard("evaluation", "sheet", *systems, "--product", "title", "-o", graded)
    for name in ("small", "large"):  # of the other products, too, one request each was refused
        assert f"{name}: {size - 1} summaries, 1 requests without an answer" in output
    assert f"answered by all systems: {size - 1:,} of {size - 1:,}" in output
    assert "may be answered" not in output
    assert f"answered by all systems: {size - 1:,} of" in orchard("evaluation", "sheet", *systems, "-o", graded)


def test_systems_are_graded_by_a_judge_and_a_person(chosen, tmp_path):
    with fake_endpoint(tmp_path) as server:
        teacher = ("--teacher", "endpoint", "--set", f"teacher.url={server.url}")
        for name in ("small", "large"):
            orchard("generate", "summaries", "-i", chosen / "email.jsonl", *teacher, *QUICK, "--limit", 24,
                    "--set", f"teacher.model={name}", "-o", tmp_path / name)  # fmt: skip
        graded = tmp_path / "graded"
        sheet = ("evaluation", "sheet", tmp_path / "small", tmp_path / "large", "--product", "topline", "-o", graded)
        assert "small: 4 summaries, 0 requests without an answer" in orchard(*sheet)
        with pytest.raises(InputError, match=r"no summary to grade of toplin; there are some of bullets, "):
            orchard(*("toplin" if part == "topline" else part for part in sheet))
        with pytest.raises(InputError, match=r"sheet.csv: nothing is graded there yet"):
            orchard("evaluation", "report", graded, graded / "sheet.csv")
        judge = ("evaluation", "judge", graded, *teacher, "--set", "teacher.model=org/judge")
        assert "8 requests (all judges of this sheet)" in orchard(*judge)
        asked = len(server.lines())
        orchard(*judge)
        assert len(server.lines()) == asked == 24 * 2 + 8
        with pytest.raises(NotAnonymised, match="the payloads of this sheet were not made anonymous"):
            orchard(*(str(part).replace("127.0.0.1", "teacher.invalid") for part in judge))
    codes = list(json.loads((graded / "key.json").read_text())["items"])
    person = [
        {"code": code, "grader": "ann", "grades": dict.fromkeys(DIMENSIONS, "good") | {"composition": "poor"}}
        for code in codes
    ]
    (graded / "grades-ann.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in person))
    orchard("evaluation", "report", graded, graded / "judged-org__judge.jsonl", graded / "grades-ann.jsonl")
    report = Report.model_validate_json((graded / "grades.json").read_text())
    assert report.graders == {"ann": 8, "org/judge": 8}
    assert [(one.items, one.difference) for one in report.differences] == [(4, 0.0)]
    assert [(one.summaries, one.dimensions["composition"].equal) for one in report.agreement] == [(8, 0.0)]
    assert {system.task for system in report.systems} == {("email", "topline")}
    assert [(system.system, system.items) for system in report.systems] == [("large", 4), ("small", 4)]
    for system in report.systems:  # of two graders the worse counts
        assert system.overall["poor"].count == system.dimensions["composition"]["poor"].count == 4
        assert system.dimensions["groundedness"]["good"].share == 1.0
        assert 0.3 < system.overall["poor"].low < 1.0 == system.overall["poor"].high
    check_the_outputs(tmp_path / "small")
    with (
        fake_endpoint(tmp_path / "other") as server,
        pytest.raises(InputError, match=r"the run took out \d+ answers \(by gates"),
    ):
        orchard("generate", "summaries", "-i", chosen / "email.jsonl", "--teacher", "endpoint", *QUICK,
                "--set", f"teacher.url={server.url}", "--limit", 24, "--set", "teacher.model=small",
                "--set", "gates=[{type: never}, {type: length}]", "-o", tmp_path / "gated")  # fmt: skip
        orchard("evaluation", "sheet", tmp_path / "gated", "-o", graded)


def check_the_outputs(out: Path) -> None:
    """`validate` knows them and counts them, and a card describes them."""
    results = list(validate_path(str(out)))
    assert all(isinstance(result, Passed) for result in results), results
    assert {result.summary.partition(",")[0] for result in results if isinstance(result, Passed)} > {
        "summary", "rejected-sample", "failed-request", "dead-letter",
    }  # fmt: skip
    write_card(str(out), [], None, None, None)
    page = (out / "README.md").read_text()
    assert "| topline | 4 | 16.67% |" in page
    assert "- summarization" in page
    assert "Generated by small, in 24 requests" in page
    damaged = next((out / "kept").glob("*.parquet"))
    pq.write_table(pq.read_table(damaged).slice(1), damaged)
    assert not all(isinstance(result, Passed) for result in validate_path(str(out)))
