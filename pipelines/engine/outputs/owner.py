"""Whose folder an ``--out`` is: each command needs its own, since ``kept/`` and the manifest would be replaced."""

from collections.abc import Iterable

from pipelines.engine.outputs.files import list_files
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.records import VALUES, ForeignOutputError

_COMMANDS = (
    ("extract", "orchard run"),
    ("measure", "orchard run"),
    ("decide", "orchard run"),
    ("payloads", "orchard generate"),
    ("tokenize", "orchard tokenize"),
    ("mix-", "orchard mix"),
    ("export-parquet", "orchard export -f parquet"),
    ("export-arrayrecord", "orchard export -f arrayrecord"),
    ("export-mds", "orchard export -f mds"),
    ("export-megatron", "orchard export -f megatron"),
    ("contamination-", "orchard decontaminate"),
    ("decontaminate", "orchard decontaminate"),
    ("", "orchard deduplicate"),
)
"""How a stage begins that says which command runs it. Runs deduplicate and decontaminate too: their own come first."""


def refuse_other_command(out: str, stages: Iterable[str]) -> None:
    """Raise ForeignOutputError where another command than that of these stages has begun to fill the folder.

    Other settings of the same command are no other run: what they change is done again.
    """
    found = _command(name for name in list_files(Layout(out).uri("records"), "") if name != VALUES.rpartition("/")[2])
    if found not in {None, _command(stages)}:
        raise ForeignOutputError(
            f"{out} is the folder of another run (`{found}`), whose files would be replaced: choose another --out"
        )


def _command(stages: Iterable[str]) -> str | None:
    """The command that runs these stages, None if there are none."""
    names = list(stages)
    return next((command for start, command in _COMMANDS if any(name.startswith(start) for name in names)), None)
