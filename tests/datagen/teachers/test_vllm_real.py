"""A real vLLM server with a small model: `.ci/vllm` installs it and names it to these tests, which else skip."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import yaml

from datagen.journal.segment import read_segment, segments
from datagen.teachers.vllm.orphans import ServerState, states_folder
from datagen.teachers.vllm.server import VllmServer
from schemas.generation.report import GenerationReport
from schemas.generation.response import GenResponse
from schemas.generation.teacher import VllmTeacher
from schemas.recipe.load import BUILTIN

PROMPTS = 120
"""Far more than are answered between two looks at the journal: the run is to be killed before its end."""
LEAST_WORDS = 30
WAIT_SECONDS = 600.0


@pytest.fixture(scope="module")
def teacher() -> VllmTeacher:
    python, model = os.environ.get("ORCHARD_VLLM_PYTHON"), os.environ.get("ORCHARD_VLLM_MODEL")
    if not python or not model:
        pytest.skip("no vLLM: .ci/vllm installs it and sets ORCHARD_VLLM_PYTHON and ORCHARD_VLLM_MODEL")
    return VllmTeacher(
        model=model, python=python, environment={"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"},
        arguments=("--dtype", "bfloat16", "--max-model-len", "4096", "--max-num-seqs", "16", "--enforce-eager",
                   "--no-enable-chunked-prefill"),
    )  # fmt: skip


def write_paragraphs(runbooks: Path, path: Path) -> None:
    """The longer paragraphs of the runbooks, a text each: real ones that are always there."""
    paragraphs = [text for book in sorted(runbooks.glob("*.md")) for text in book.read_text().split("\n\n")]
    texts = [text for text in paragraphs if len(text.split()) >= LEAST_WORDS]
    path.write_text("".join(json.dumps({"kind": "document", "text": text}) + "\n" for text in texts))


def group(pid: int) -> list[int]:
    """The processes of the server that the run of that process has started."""
    (path,) = states_folder().glob(f"{pid}-*.json")
    state = ServerState.model_validate(json.loads(path.read_text()))
    return [process.pid for process in psutil.process_iter() if os.getpgid(process.pid) == state.group]


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it has not happened in time"
        time.sleep(0.05)


def are_gone(pids: list[int]) -> bool:
    return not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids)


def answers(out: Path) -> list[GenResponse]:
    found = [outcome for path in segments(out / "journal") for _, _, outcome in read_segment(path)]
    return [outcome for outcome in found if isinstance(outcome, GenResponse)]


@pytest.mark.slow
def test_killed_it_leaves_no_server_and_run_again_every_answer_is_of_the_form(teacher, repository, tmp_path):
    texts, recipe, out = tmp_path / "texts.jsonl", tmp_path / "recipe.yaml", tmp_path / "out"
    write_paragraphs(repository / "runbooks", texts)
    data = yaml.safe_load((BUILTIN / "summaries.yaml").read_text())
    data |= {"teacher": teacher.model_dump(mode="json"), "flow": {"start_concurrency": 16, "max_concurrency": 16}}
    recipe.write_text(yaml.safe_dump(data))
    command = [
        sys.executable, "-c", "from pipelines.cli import main; main()", "generate", str(recipe), "--input", str(texts),
        "--out", str(out), "--limit", str(PROMPTS),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    wait_until(lambda: len(answers(out)) > 5)
    pids = group(process.pid)
    assert len(pids) > 1
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: are_gone(pids))
    known = {outcome.digest for outcome in answers(out)}
    assert len(known) < PROMPTS
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    assert again.returncode == 0, again.stderr
    found = answers(out)
    report = GenerationReport.model_validate_json((out / "report.json").read_text())
    (agreement,) = (gate for gate in report.waterfall.gates if gate.gate == "agreement")
    settings = next(gate for gate in data["gates"] if gate["type"] == "agreement")
    asked = PROMPTS + settings["answers"] * agreement.judged
    assert len(found) == len({outcome.digest for outcome in found}) == asked
    assert (report.waterfall.generated, report.waterfall.parsed, report.failures) == (PROMPTS, PROMPTS, {})
    assert {outcome.finish_reason for outcome in found} == {"stop"}


@pytest.mark.slow
def test_it_is_gone_after_an_exception(teacher, tmp_path):
    pids: list[int] = []
    with pytest.raises(RuntimeError, match="something else"), VllmServer(teacher, tmp_path / "vllm.log"):
        pids += group(os.getpid())
        raise RuntimeError("something else")
    assert len(pids) > 1
    assert are_gone(pids)
