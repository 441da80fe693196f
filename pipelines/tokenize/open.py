"""The tokenizer that a user names."""

from pathlib import Path
from typing import Final

import fsspec

from pipelines.engine.outputs.files import join
from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.huggingface import HuggingFaceLibrary
from pipelines.tokenize.libraries.library import Library
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.tokenize.libraries.tiktoken import open_encoding

MODEL_NAME: Final = "tokenizer.model"
HUGGING_FACE_NAME: Final = "tokenizer.json"
"""Names of files in the folder of a tokenizer."""

_TIKTOKEN = "tiktoken:"


def open_tokenizer(name: str) -> CachedTokenizer:
    """The tokenizer of a file, folder or encoding; see `open_library`. Raises TokenizerError."""
    return CachedTokenizer(open_library(name))


def open_library(name: str) -> Library:
    """The library for what a user names.

    A SentencePiece model (``*.model``), a tokenizer of Hugging Face (``*.json``), a folder with ``tokenizer.model`` or
    ``tokenizer.json`` (the first is taken if both are there), or ``tiktoken:cl100k_base``. Raises TokenizerError.
    """
    if name.startswith(_TIKTOKEN):
        return open_encoding(name.removeprefix(_TIKTOKEN))
    path = _file(name)
    suffix = Path(path).suffix
    if suffix == ".model":
        return SentencePieceLibrary(_read(path), path)
    if suffix == ".json":
        return HuggingFaceLibrary(_read(path), path)
    raise TokenizerError(f"{name}: a tokenizer is a *.model, a *.json, a folder with one, or tiktoken:NAME")


def _file(name: str) -> str:
    filesystem, path = fsspec.core.url_to_fs(name)
    if not filesystem.isdir(path):
        return name
    for known in (MODEL_NAME, HUGGING_FACE_NAME):
        if filesystem.exists(join(path, known)):
            return join(name, known)
    raise TokenizerError(f"{name}: this folder has neither {MODEL_NAME} nor {HUGGING_FACE_NAME}")


def _read(name: str) -> bytes:
    filesystem, path = fsspec.core.url_to_fs(name)
    try:
        with filesystem.open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise TokenizerError(f"{name}: cannot be read: {error.strerror or error}") from error
