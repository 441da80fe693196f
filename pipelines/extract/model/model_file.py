"""A block classifier as a file: NumPy's .npz of plain arrays, which runs no code when it is read."""

import io
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import xxhash

from filters.errors import SettingError
from pipelines.extract.features.paths import Weights, weight_table
from pipelines.extract.features.table import NAMES
from pipelines.extract.model.net import Net
from pipelines.extract.model.second_stage import NAMES as SECOND_NAMES
from pipelines.extract.model.trees import MaskedTrees, Trees, masked

FORMAT = 2
"""Raised whenever files of another number cannot be read."""
SHIPPED = "shipped/blocks.npz"
PARTS = ("first", "net")


@dataclass(frozen=True, slots=True)
class BlockModel:
    """Word weights, the trees of the first stage and the net of the second, and how far an expected F1 can be trusted.

    ``confidence`` is float32[2, points]: expected F1, rising, and the F1 that pages with it had in cross-validation.
    """

    word_hashes: npt.NDArray[np.uint32]
    word_weights: npt.NDArray[np.float32]
    first: Trees
    net: Net
    confidence: npt.NDArray[np.float32]

    def weights(self) -> Weights:
        """The word weights as the table that features look into."""
        return weight_table(self.word_hashes, self.word_weights)

    def trees(self) -> MaskedTrees:
        """The trees of the first stage, ready for rows."""
        return masked(self.first)


def write_model(model: BlockModel, path: Path) -> str:
    """Write a model, the same bytes for the same arrays; returns the digest of the file."""
    arrays = {
        "words.hash": model.word_hashes,
        "words.weight": model.word_weights,
        "confidence": model.confidence,
        **{f"{part}.{name}": array for part in PARTS for name, array in getattr(model, part)._asdict().items()},
    }
    about = json.dumps({"format": FORMAT, "first": NAMES, "second": SECOND_NAMES})
    held = io.BytesIO()
    np.savez_compressed(held, allow_pickle=False, about=np.frombuffer(about.encode(), np.uint8), **arrays)
    path.write_bytes(held.getvalue())
    return digest(held.getvalue())


def read_model(path: Path) -> BlockModel:
    """The model of a file. Raises ``SettingError`` if it is none, or one for other features."""
    return _parse(path.read_bytes(), str(path)) if path.is_file() else _missing(path)


@cache
def shipped_model() -> BlockModel:
    """The model that comes with the package."""
    data = files("pipelines.extract.model").joinpath(SHIPPED).read_bytes()
    return _parse(data, SHIPPED)


def digest(data: bytes) -> str:
    """Hex of xxh3-128 over a file."""
    return xxhash.xxh3_128_hexdigest(data)


def _missing(path: Path) -> BlockModel:
    raise SettingError(f"{path}: there is no such file; `orchard train extractor` writes a model")


def _parse(data: bytes, name: str) -> BlockModel:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            arrays = {key: held[key] for key in held.files}
        about = json.loads(arrays["about"].tobytes())
        first = Trees(*(arrays[f"first.{field}"] for field in Trees._fields))
        net = Net(*(arrays[f"net.{field}"] for field in Net._fields))
        model = BlockModel(arrays["words.hash"], arrays["words.weight"], first, net, arrays["confidence"])
        model.trees()
    except (ValueError, KeyError, TypeError, EOFError, BadZipFile, OSError) as error:
        raise SettingError(f"{name} is no model of the engine orchard: {error}") from error
    if about != {"format": FORMAT, "first": list(NAMES), "second": list(SECOND_NAMES)}:
        raise SettingError(
            f"{name}: a model of another release (format {about.get('format')}, here {FORMAT}; or other features): "
            "train it anew by `orchard train extractor`"
        )
    return model
