"""A whole generation by the command line: real mails and chats, a real server on this machine that misbehaves."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner, Result

from datagen.journal.segment import read_segment, segments
from pipelines.cli.app import app
from schemas.generation.report import GenerationReport
from schemas.manifest import Manifest
from schemas.recipe.load import BUILTIN
from schemas.summaries.row import SummaryRow, row_schema
from tests.support.endpoints import FakeEndpoint, fake_endpoint

DATA = ("kept", "rejected", "failures", "dead-letters")


@pytest.fixture
def recipe(tmp_path) -> Path:
    """The shipped one with two quick gates, and bounds that the server's answers can keep to."""
    data = yaml.safe_load((BUILTIN / "summaries.yaml").read_text())
    data["gates"] = [{"type": "form"}, {"type": "length"}]
    data["payloads"] |= {"anonymise": False, "attacked_share": 0}
    for product in data["products"]:
        product["words"]["min"] = product["characters"]["min"] = 1
    data["flow"] = {"backoff_seconds": 0.02, "timeout_seconds": 30.0}
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(data))
    return path


def command(recipe: Path, shared: Path, out: Path, server: FakeEndpoint, *more: str) -> list[str]:
    files = [str(shared / "summarization" / f"{name}.jsonl.gz") for name in ("dialogsum", "aeslc_enron_email", "xsum")]
    return [
        sys.executable, "-c", "from pipelines.cli import main; main()", "generate", str(recipe),
        *(part for file in files for part in ("--input", file)), "--out", str(out), "--limit", "150",
        "--set", f"teacher={{type: endpoint, url: {server.url}, model: fake}}", *more,
    ]  # fmt: skip


def outputs(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for kind in DATA for path in (out / kind).rglob("*.parquet")}


def run(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_killed_and_run_again_it_asks_nothing_twice_and_writes_the_same_bytes(recipe, shared_data, tmp_path):
    with fake_endpoint(tmp_path / "good", key="k3y") as good:
        unbroken = run(command(recipe, shared_data, tmp_path / "unbroken", good), ORCHARD_API_KEY="k3y")
        assert unbroken.returncode == 0, unbroken.stderr
    with fake_endpoint(tmp_path / "bad", key="k3y", refuse=0.3, seconds=0.3, **{"break": 0.05}) as bad:
        arguments = command(recipe, shared_data, tmp_path / "out", bad)
        process = subprocess.Popen(arguments, env={**os.environ, "ORCHARD_API_KEY": "k3y"}, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 300
        while bad.answered().total() < 60 and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # The address is part of what is sent, so the unbroken run is compared by what it wrote, not by its journal.
        again = run(arguments, ORCHARD_API_KEY="k3y")
        assert again.returncode == 0, again.stderr
        assert bad.answered().total() == len(bad.answered()) == 150
    assert outputs(tmp_path / "out") == outputs(tmp_path / "unbroken")
    assert not list((tmp_path / "out").rglob("*.tmp"))
    check_account(tmp_path / "out")
    check_trainers_read_it(tmp_path / "out")
    check_gates_are_changed_for_nothing(arguments, tmp_path / "out")
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert b"k3y" not in written


def check_account(out: Path) -> None:
    """Everything that was asked is somewhere, and the report says what it cost."""
    report = GenerationReport.model_validate_json((out / "report.json").read_text())
    manifest = Manifest.model_validate_json((out / "manifest.json").read_text())
    rows = {kind: sum(pq.read_metadata(path).num_rows for path in (out / kind).glob("*.parquet")) for kind in DATA}
    assert rows["kept"] + rows["rejected"] + rows["failures"] == 150
    assert rows["kept"] == report.waterfall.kept == manifest.counts.kept > 20
    assert [gate.gate for gate in report.waterfall.gates] == ["form", "length", "duplicates"]
    assert sum(manifest.counts.dropped.values()) == rows["rejected"] + rows["failures"]
    journal = [outcome for path in segments(out / "journal") for _, _, outcome in read_segment(path)]
    assert report.spending.prompt_tokens == sum(outcome.prompt_tokens for outcome in journal)
    assert report.tokens_per_kept == pytest.approx(
        (report.spending.prompt_tokens + report.spending.completion_tokens) / rows["kept"]
    )
    for path in (out / "kept").glob("*.parquet"):
        table = pq.read_table(path)
        assert table.schema.equals(row_schema())
        for row in table.to_pylist():
            assert SummaryRow.model_validate(row).teacher == "fake"


def check_trainers_read_it(out: Path) -> None:
    """What TRL's SFTTrainer wants of a row: a column of messages, each with role and content, the last to be learnt.

    runbooks/generate.md says with which versions it was tried.
    """
    for path in (out / "kept").glob("*.parquet"):
        messages = pq.read_table(path, columns=["messages"])
        assert pa.types.is_list(messages.schema.field("messages").type)
        for row in messages.to_pylist():
            assert [list(message) for message in row["messages"]] == [["role", "content"]] * 2
            assert [message["role"] for message in row["messages"]] == ["user", "assistant"]
            assert all(message["content"].strip() for message in row["messages"])


def check_gates_are_changed_for_nothing(arguments: list[str], out: Path) -> None:
    """Another bound judges the same answers again: nobody is asked, the server is gone by now."""
    before = json.loads((out / "report.json").read_text())
    changed = run([*arguments, "--set", "gates.length.mode=mark"])
    assert changed.returncode == 0, changed.stderr
    after = json.loads((out / "report.json").read_text())
    assert after["spending"] == before["spending"]
    assert after["waterfall"]["gates"][1]["mode"] == "mark"
    assert after["waterfall"]["kept"] >= before["waterfall"]["kept"]


def test_a_budget_stops_cleanly_and_a_cost_needs_a_price(recipe, shared_data, tmp_path):
    with fake_endpoint(tmp_path) as server:
        arguments = command(recipe, shared_data, tmp_path / "out", server, "--max-tokens", "30000")
        ended = run(arguments)
        assert ended.returncode == 0, ended.stderr
        report = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text())
        assert report.spending.prompt_tokens + report.spending.completion_tokens <= 30000
        assert report.failures["budget"] > 0
        refused = run(command(recipe, shared_data, tmp_path / "cost", server, "--max-cost", "1"))
    assert refused.returncode == 2
    assert "--max-cost needs teacher.price" in refused.stderr


def test_what_was_not_made_anonymous_does_not_leave_the_machine(recipe, shared_data, tmp_path):
    with fake_endpoint(tmp_path) as server:
        arguments = command(recipe, shared_data, tmp_path / "out", server)
        remote = [part.replace("127.0.0.1", "teacher.invalid") for part in arguments]
        refused = run(remote)
        assert server.lines() == []
    assert refused.returncode == 1
    assert "was not anonymised and the teacher is on another machine" in refused.stderr


def here(arguments: list[str]) -> Result:
    """The same command in this process, without the time that imports take."""
    return CliRunner().invoke(app, arguments[3:], catch_exceptions=False)


def test_what_failed_for_a_while_is_asked_again_and_nothing_else(recipe, shared_data, tmp_path):
    with fake_endpoint(tmp_path / "bad", **{"break": 0.2}) as server:
        arguments = command(recipe, shared_data, tmp_path / "out", server, "--set", "flow.tries=1", "--limit", "21")
        ended = here(arguments)
        assert ended.exit_code == 0, ended.output
        failed = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text()).failures
        assert failed["server_error"] > 0
        for _ in range(20):
            if not failed:
                break
            before = server.did()
            assert here(arguments).exit_code == 0
            assert (server.did() - before).total() == failed["server_error"]
            failed = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text()).failures
        assert not failed
        assert server.answered().total() == len(server.answered()) == 21
        asked = server.did()
        assert "nothing to do" in here(arguments).stdout
        assert server.did() == asked


def test_a_plan_asks_fifty_and_the_run_does_not_pay_for_them_again(recipe, shared_data, tmp_path):
    with fake_endpoint(tmp_path / "server") as server:
        arguments = command(
            recipe, shared_data, tmp_path / "out", server, "--limit", "60",
            "--set", "teacher.price={prompt: 2, completion: 10}",
        )  # fmt: skip
        planned = here(["plan" if part == "generate" else part for part in arguments])
        assert planned.exit_code == 0, planned.output
        assert "asking 50 of 60 prompts" in planned.stdout
        assert "samples: 60; 50 tried, 50 of them parsed" in planned.stdout
        assert server.answered().total() == 50
        ended = here(arguments)
        assert ended.exit_code == 0, ended.output
        assert server.answered().total() == len(server.answered()) == 60
    report = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text())
    said = re.search(r"about ([\d,]+) read, ([\d,]+) written", planned.stdout)
    cost = re.search(r"cost: +about ([\d.]+)", planned.stdout)
    assert said is not None and cost is not None
    read, written = (int(number.replace(",", "")) for number in said.groups())
    assert written == report.spending.completion_tokens == 600
    assert read == pytest.approx(report.spending.prompt_tokens, rel=0.2)
    assert float(cost[1]) == pytest.approx((2 * read + 10 * written) / 1e6, abs=1e-4)
    assert "minutes" in planned.stdout


def test_a_plan_asks_and_counts_what_gates_ask_too(recipe, shared_data, tmp_path):
    data = yaml.safe_load(recipe.read_text())
    data["gates"] = [{"type": "form", "mode": "mark"}, {"type": "agreement", "answers": 2, "min_agreement": 0}]
    recipe.write_text(yaml.safe_dump(data))
    with fake_endpoint(tmp_path / "server") as server:
        arguments = command(recipe, shared_data, tmp_path / "out", server, "--limit", "10")
        planned = here(["plan" if part == "generate" else part for part in arguments])
        assert planned.exit_code == 0, planned.output
        assert server.answered().total() == len(server.answered()) == 30
        assert re.search(r"kept: +\d+ of these by all gates, so about \d+ rows", planned.stdout)
        # The server counts ten tokens for each answer.
        assert re.search(r"about [\d,]+ read, 300 written", planned.stdout)
        assert here(arguments).exit_code == 0
        assert server.answered().total() == 30


def test_a_raised_budget_goes_on_and_pays_nothing_twice(recipe, shared_data, tmp_path):
    with fake_endpoint(tmp_path / "server") as server:
        first = command(recipe, shared_data, tmp_path / "out", server, "--limit", "40", "--max-tokens", "6000")
        assert here(first).exit_code == 0
        some = len(server.answered())
        assert 0 < some < 40
        assert here([*first[:-1], "1000000"]).exit_code == 0
        assert server.answered().total() == len(server.answered()) == 40
    report = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text())
    assert not report.failures
    assert report.spending.requests == 40
    assert report.spending.completion_tokens == 400


def test_a_bound_on_cost_stops_cleanly_says_what_to_do_and_goes_on_when_raised(recipe, shared_data, tmp_path):
    price = "teacher.price={prompt: 2, completion: 10}"
    with fake_endpoint(tmp_path / "server") as server:
        first = command(
            recipe, shared_data, tmp_path / "out", server, "--limit", "40", "--set", price, "--max-cost", "0.02"
        )
        stopped = here(first)
        assert stopped.exit_code == 0, stopped.output
        before = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text())
        some = len(server.answered())
        assert 0 < some < 40 and before.failures["budget"] == 40 - some
        assert f"{40 - some} samples were not asked for" in stopped.stdout
        assert "a higher --max-tokens or --max-cost" in stopped.stdout
        assert 0 < cost_of(before) <= 0.02
        again = here(first)  # the same bound: nothing is asked, nothing is paid
        assert again.exit_code == 0 and len(server.answered()) == some
        ended = here([*first[:-1], "1"])
        assert ended.exit_code == 0 and "samples were not asked for" not in ended.stdout
        assert server.answered().total() == len(server.answered()) == 40
    after = GenerationReport.model_validate_json((tmp_path / "out" / "report.json").read_text())
    assert not after.failures and after.spending.requests == 40
    assert after.spending.completion_tokens == 400
    assert cost_of(after) > cost_of(before)
    assert after.cost_per_kept == pytest.approx(cost_of(after) / after.waterfall.kept)


def cost_of(report: GenerationReport) -> float:
    """What is said to have been spent, which has to be what the tokens cost."""
    spending = report.spending
    expected = (2 * spending.prompt_tokens + 10 * spending.completion_tokens) / 1e6
    assert spending.cost == pytest.approx(expected)
    return expected


def test_a_teacher_that_is_not_there_is_said_and_is_no_success(recipe, tmp_path):
    chats = tmp_path / "chats.jsonl"
    text = (
        "Ann: the car park is closed on Thursday, please park on Mill Road instead. It opens again on Friday at seven."
    )
    chats.write_text(json.dumps({"text": text, "kind": "dialogue"}) + "\n")
    nobody = "teacher={type: endpoint, url: 'http://127.0.0.1:9/v1', model: none}"
    arguments = [
        "generate", str(recipe), "-i", str(chats), "-o", str(tmp_path / "out"), "--limit", "2",
        "--set", nobody, "--set", "flow.tries=1", "--set", "payloads.words.min=5",
        "--set", "payloads.remote_needs_anonymised=false",
    ]  # fmt: skip
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 1, found.output
    assert "failed: 2 connection" in found.output
    assert "WARNING: the teacher did not answer 2 requests" in found.output
    assert "length" not in found.output, "a gate that no sample came to has no line"
