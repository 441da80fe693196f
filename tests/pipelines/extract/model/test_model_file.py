"""Models as files: no pickle, clear errors."""

import io
import pickle

import numpy as np
import pytest

from filters.errors import SettingError
from pipelines.extract.model.model_file import read_model, shipped_model, write_model


def test_a_model_comes_back_as_it_was_and_its_bytes_are_the_same(tmp_path):
    model = shipped_model()
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    assert write_model(model, first) == write_model(model, second)
    assert first.read_bytes() == second.read_bytes()
    again = read_model(first)
    for one, other in ((model.first, again.first), (model.net, again.net)):
        assert all((a == b).all() for a, b in zip(one, other, strict=True))
    assert (model.word_hashes == again.word_hashes).all()
    assert (model.confidence == again.confidence).all()


def test_the_shipped_model_is_small_and_sound():
    model = shipped_model()
    assert model.word_hashes.nbytes + model.word_weights.nbytes + sum(a.nbytes for a in model.first) < 2_000_000
    assert (np.diff(model.confidence[1]) >= 0).all()
    assert (np.diff(model.confidence[0]) >= 0).all()


def _npz(**arrays: np.ndarray) -> bytes:
    held = io.BytesIO()
    np.savez(held, **arrays)
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no model", pickle.dumps({"a": 1}), _npz(about=np.array([1])),
     _npz(about=np.array([{"a": 1}], object))],
)  # fmt: skip
def test_what_is_no_model_is_named(tmp_path, content):
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(SettingError, match=r"model\.npz is no model of the engine orchard"):
        read_model(path)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(SettingError, match=r"none\.npz: there is no such file; `orchard train extractor`"):
        read_model(tmp_path / "none.npz")


def test_a_model_for_other_features_is_refused(tmp_path):
    path = tmp_path / "model.npz"
    write_model(shipped_model(), path)
    with np.load(path) as held:
        arrays = dict(held)
    arrays["about"] = np.frombuffer(arrays["about"].tobytes().replace(b"path_sum", b"path_all"), np.uint8)
    path.write_bytes(_npz(**arrays))
    with pytest.raises(SettingError, match="a model of another release"):
        read_model(path)
