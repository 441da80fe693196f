"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Without deadlines, since the first example may compile a kernel and machines are busy. A change is judged by the same
# examples each time; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The optional folder of real pages, lists and labels; tests that need it skip where it is absent."""
    shared = Path(os.environ.get("ORCHARD_SHARED", REPOSITORY.parent / "shared"))
    data = shared / "data"
    if not data.is_dir():
        pytest.skip(f"no real data: {data} is not there (set ORCHARD_SHARED to the folder that holds data/)")
    return data
