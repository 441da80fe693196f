"""Ends servers whose run and keeper were both killed."""

import contextlib
import json
import os
import signal
import tempfile
from pathlib import Path

import psutil
from pydantic import BaseModel, ValidationError


class ServerState(BaseModel):
    """What a keeper writes down."""

    group: int
    """Process group of the server, which is the id of its first process."""
    started: float
    """When that process began, so that another one of the same id is left alone."""
    keeper: int
    """The keeper's process."""


def states_folder() -> Path:
    """Where all keepers of this user on this machine write down what they keep."""
    folder = Path(tempfile.gettempdir()) / f"orchard-servers-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def end_orphans(folder: Path) -> list[int]:
    """End the servers without a keeper; returns their process groups."""
    ended = []
    for path in sorted(folder.glob("*.json")):
        try:
            state = ServerState.model_validate(json.loads(path.read_text()))
        except (ValueError, ValidationError, FileNotFoundError):
            continue  # being written, or just removed
        if psutil.pid_exists(state.keeper) and _is_keeper(state.keeper):
            continue
        if _may_be_its_group(state):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(state.group, signal.SIGKILL)
                ended.append(state.group)
        path.unlink(missing_ok=True)
    return ended


def _is_keeper(process: int) -> bool:
    try:
        return any(part.endswith("keeper.py") for part in psutil.Process(process).cmdline())
    except psutil.NoSuchProcess:
        return False


def _may_be_its_group(state: ServerState) -> bool:
    """False if the first process of the group is another one by now.

    Where it is gone, the group is still the server's: its number is not given out again while a process has it.
    """
    try:
        return abs(psutil.Process(state.group).create_time() - state.started) < 1.0
    except psutil.NoSuchProcess:
        return True
