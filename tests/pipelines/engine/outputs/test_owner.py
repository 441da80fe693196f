"""A folder that one command has begun to fill is refused to all others, finished or not."""

from pathlib import Path

import pytest

from datagen.run.stages.outputs import STAGE as GENERATE
from datagen.run.stages.payloads import STAGE as PAYLOADS
from pipelines.decontaminate.verdicts import STAGE as DECONTAMINATE
from pipelines.dedup.verdicts import STAGE as DEDUPLICATE
from pipelines.engine.outputs.owner import refuse_other_command
from pipelines.engine.outputs.records import VALUES, ForeignOutputError
from pipelines.tokenize.stage import TokenizeStage
from pipelines.web.stages.extract import ExtractStage

STAGES = {
    "orchard run": [ExtractStage.name, "measure", "decide", "url-keys", "deduplicate", "decontaminate"],
    "orchard generate": [PAYLOADS, "payloads-text-keys", "prepare", GENERATE],
    "orchard tokenize": [TokenizeStage.name],
    "orchard mix": ["mix-keys", "mix-plan"],
    "orchard export -f mds": ["export-mds", "export-index"],
    "orchard export -f megatron": ["export-megatron"],
    "orchard deduplicate": ["signatures", "url-keys", DEDUPLICATE],
    "orchard decontaminate": ["contamination-collisions", DECONTAMINATE],
}


def fill(out: Path, stages: list[str]) -> str:
    for stage in stages:
        (out / "records" / stage).mkdir(parents=True)
    (out / VALUES).write_text("{}")
    return str(out)


@pytest.mark.parametrize("command", STAGES)
@pytest.mark.parametrize("begun", [1, None])
def test_a_folder_belongs_to_the_command_that_began_it(command: str, begun: int | None, tmp_path: Path):
    out = fill(tmp_path, STAGES[command][:begun])
    for other, stages in STAGES.items():
        if other == command:
            refuse_other_command(out, stages)
        else:
            with pytest.raises(ForeignOutputError, match=f"another run .`{command}`.*another --out"):
                refuse_other_command(out, stages)


def test_other_settings_of_a_command_may_have_other_stages(tmp_path: Path):
    refuse_other_command(fill(tmp_path, STAGES["orchard run"]), ["extract", "measure", "decide"])
    refuse_other_command(fill(tmp_path / "unique", STAGES["orchard deduplicate"]), ["text-keys", "deduplicate"])


def test_an_empty_folder_and_none_belong_to_nobody(tmp_path: Path):
    (tmp_path / "records").mkdir()
    refuse_other_command(fill(tmp_path, []), ["extract"])
    refuse_other_command(str(tmp_path / "none"), ["extract"])
