"""Compiled code that is kept on disk follows the code that it was compiled from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import filters.kernel
from filters.kernel import _imported, _state

CONSTANT = "filters/constant.py"
INNER = "filters/inner.py"
OUTER = "filters/outer.py"
PROGRAM = "from filters.outer import twice; import numpy as np; print(twice(np.arange(3)))"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of three modules with this one's kernels."""
    (tmp_path / "filters").mkdir()
    source = Path(filters.kernel.__file__).read_text("utf-8")
    files = {
        "filters/__init__.py": "",
        "filters/kernel.py": source,
        CONSTANT: "STEP = 1\n",
        INNER: (
            "from filters.constant import STEP\nfrom filters.kernel import leaf\n\n"
            "@leaf\ndef total(values):\n    found = 0\n    for value in values:\n        found += STEP * value\n"
            "    return found\n"
        ),
        OUTER: (
            "from filters.inner import (\n    total,\n)\nfrom filters.kernel import kernel\n\n"
            "@kernel\ndef twice(values):\n    return 2 * total(values)\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(program: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    command = [sys.executable, "-c", PROGRAM]
    found = subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True, check=True)
    return found.stdout.strip()


@pytest.mark.parametrize(
    ("changed", "old", "new", "expected"),
    [(CONSTANT, "STEP = 1", "STEP = 5", "30"), (INNER, "found = 0", "found = 7", "20")],
)
def test_what_a_kernel_is_made_of_changes(program: Path, changed: str, old: str, new: str, expected: str) -> None:
    assert run(program) == "6"
    assert list((program / "filters" / "__pycache__" / "kernels").rglob("*.nbi"))
    assert run(program) == "6"
    path = program / changed
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert run(program) == expected


def test_modules_are_followed_over_any_number_of_steps() -> None:
    assert "pipelines.extract.blocks.tags" in _imported("pipelines.extract.blocks.tokens")
    assert _state("pipelines.extract.features.table") != _state("pipelines.extract.features.masses")
