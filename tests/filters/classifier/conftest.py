"""A tiny model and batches of texts."""

from pathlib import Path

import pyarrow as pa
import pytest

from filters.batch import Batch
from tests.support.classifiers import train_tiny


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    """A model that tells good from bad sentences; its card names the label ``positive``."""
    model, _ = train_tiny(tmp_path_factory.mktemp("tiny"))
    return model


@pytest.fixture
def batch_of():
    """Makes a batch of texts."""

    def make(*texts: str) -> Batch:
        nothing = pa.nulls(len(texts), pa.string())
        return Batch(text=pa.array(texts, pa.large_string()), uri=nothing, language=nothing)

    return make
