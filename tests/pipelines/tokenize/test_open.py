"""A tokenizer is found by what a user names, and what cannot be opened says why."""

import numpy as np
import pyarrow as pa
import pytest

from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.cutting.patterns import PATTERNS
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.export import hugging_face_json
from pipelines.tokenize.libraries.library import Cuttable, Whole
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.tokenize.open import open_library, open_tokenizer
from tests.support.tokenizers import by_text, byte_level, data_of, sentencepiece_model, sentences


@pytest.fixture
def files(tmp_path):
    model = sentencepiece_model()
    (tmp_path / "tokenizer.model").write_bytes(model)
    (tmp_path / "tokenizer.json").write_bytes(hugging_face_json(SentencePieceLibrary(model, "model")))
    (tmp_path / "gpt2.json").write_bytes(data_of(byte_level()))
    return tmp_path


def test_files_and_folders(files):
    texts = pa.array(sentences(9), pa.large_string())
    model, exported, folder = (open_tokenizer(str(files / name)) for name in ("tokenizer.model", "tokenizer.json", ""))
    wanted = model.encode(texts)
    assert wanted.ids.dtype == np.uint16
    for other in (exported, folder):
        tokens = other.encode(texts)
        assert (tokens.ids == wanted.ids).all()
        assert (tokens.offsets == wanted.offsets).all()
    assert model.decode(wanted.ids[: wanted.offsets[1]].tolist()) == texts[0].as_py()
    assert folder.fingerprint == open_tokenizer(str(files)).fingerprint
    fingerprints = {
        open_tokenizer(str(files / name)).fingerprint for name in ("tokenizer.model", "tokenizer.json", "gpt2.json")
    }
    assert len(fingerprints) == 3


@pytest.mark.parametrize(("name", "content", "message"), [
    ("broken.model", b"\x0a\xff no model", "no SentencePiece model"),
    ("empty.model", b"", "no SentencePiece model"),
    ("broken.json", b"{}", "Give a tokenizer.json"),
    ("broken.json", b"\xff", "Give a tokenizer.json"),
    ("words.txt", b"a", "a tokenizer is a"),
])  # fmt: skip
def test_what_is_no_tokenizer(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TokenizerError, match=message):
        open_library(str(tmp_path / name))


def test_what_is_not_there(tmp_path):
    with pytest.raises(TokenizerError, match="No such file"):
        open_library(str(tmp_path / "missing.model"))
    with pytest.raises(TokenizerError, match=r"neither tokenizer\.model nor tokenizer\.json"):
        open_library(str(tmp_path))


def test_a_model_cut_short_is_an_error_at_any_byte():
    model = sentencepiece_model()
    for size in range(1, len(model), len(model) // 50):
        try:
            library = SentencePieceLibrary(model[:size], "short")
        except TokenizerError:
            continue
        # It ends between two pieces: a smaller model, which says that it cannot be cut since its settings are gone.
        assert isinstance(library.cutting(), Whole)


def test_tiktoken():
    tiktoken = pytest.importorskip("tiktoken")
    from pipelines.tokenize.libraries.tiktoken import TiktokenLibrary

    ranks = {bytes([byte]): byte for byte in range(256)} | {b"th": 256, b" th": 257, b" the": 258, b"\xe4\xb8": 259}
    pattern = max(PATTERNS, key=len)
    library = TiktokenLibrary(
        tiktoken.Encoding("own", pat_str=pattern, mergeable_ranks=ranks, special_tokens={"<s>": 300})
    )
    assert isinstance(library.cutting(), Cuttable)
    texts = [*sentences(10), "<s> the<s>", "中中 the"]
    tokenizer = CachedTokenizer(library)
    tokens = tokenizer.encode(pa.array(texts, pa.large_string()))
    assert by_text(tokens.ids.tolist(), tokens.offsets.tolist()) == library.encode(texts)
    assert tokenizer.vocab_size == 301
    assert tokenizer.decode(library.encode(["中 the"])[0]) == "中 the"
    other = tiktoken.Encoding("other", pat_str=r"\S+|\s", mergeable_ranks=ranks, special_tokens={})
    assert isinstance(TiktokenLibrary(other).cutting(), Whole)
    assert TiktokenLibrary(other).identity != library.identity


def test_an_unknown_encoding_or_none_at_all(monkeypatch):
    pytest.importorskip("tiktoken")
    with pytest.raises(TokenizerError, match=r"there is no such encoding; there are .*cl100k_base"):
        open_library("tiktoken:nothing")
    monkeypatch.setitem(__import__("sys").modules, "tiktoken", None)
    with pytest.raises(TokenizerError, match=r"pip install 'orchard\[tiktoken\]'"):
        open_library("tiktoken:cl100k_base")
