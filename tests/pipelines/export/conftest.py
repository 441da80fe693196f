"""Exports run in this process."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipelines.job.export import plan_export
from schemas.manifest import Manifest
from tests.support.sequential import run_sequentially

Export = Callable[..., Manifest]


@pytest.fixture
def export() -> Export:
    """Exports shards to a folder; returns the manifest."""

    def run(name: str, inputs: Sequence[str], out: Path, end_id: int | None = None) -> Manifest:
        return run_sequentially(plan_export(name, inputs, str(out), end_id))

    return run
