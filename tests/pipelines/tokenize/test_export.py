"""A model's tokenizer.json gives the ids of the model."""

import gzip
import json
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.export import hugging_face_json
from pipelines.tokenize.libraries.huggingface import HuggingFaceLibrary
from pipelines.tokenize.libraries.library import Cuttable
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.tokenize.train import train_model
from schemas.tokenizer import TokenizerSettings
from tests.support.tokenizers import WORDS, sentencepiece_model, sentences

MODEL = SentencePieceLibrary(sentencepiece_model(), "small")
EXPORTED = HuggingFaceLibrary(hugging_face_json(MODEL), "exported")
MIXED = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.sampled_from([*WORDS, " ", "\n", "▁", "<s>", "</s>", "<unk>", "<0x0A>"]),
        st.text("aeo =-", max_size=20),
    ),
    max_size=30,
).map("".join)


@given(st.lists(MIXED, max_size=5))
@example(["a" * count for count in range(60)] + [" " * count for count in range(60)] + ["", "\0", "<s>"])
@example(["ab" * count + "a" for count in range(40)] + ["=" * count for count in range(70)])
def test_ids_and_texts_are_the_same(texts):
    ids = MODEL.encode(texts)
    assert EXPORTED.encode(texts) == ids
    assert [EXPORTED.decode(found) for found in ids] == [text.replace("▁", " ") for text in texts]
    assert [MODEL.decode(found) for found in ids] == [text.replace("▁", " ") for text in texts]


def test_ids_are_the_same_on_made_up_lines():
    lines = sentences(7, 3000)
    assert EXPORTED.encode(lines) == MODEL.encode(lines)


def test_ids_are_the_same_on_real_pages_and_code(shared_data):
    with gzip.open(shared_data / "web" / "web-dev-groundtruth.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    texts = [row["text"] for row in rows if isinstance(row.get("text"), str)][::8]
    with gzip.open(shared_data / "code" / "bottlepy__bottle.jsonl.gz", "rt") as file:
        texts += [json.loads(line).get("content") or "" for line in file]
    assert sum(map(len, texts)) > 800_000
    assert EXPORTED.encode(texts) == MODEL.encode(texts)


def test_the_export_can_be_cut_too():
    assert isinstance(EXPORTED.cutting(), Cuttable)
    assert EXPORTED.vocab_size == MODEL.vocab_size
    assert EXPORTED.pieces() == MODEL.pieces()
    assert EXPORTED.byte_ids() == MODEL.byte_ids()
    assert len(MODEL.byte_ids()) == 256


@pytest.mark.parametrize("change", [
    {"model_type": "unigram"}, {"user_defined_symbols": ("<|x y|>",)}, {"add_dummy_prefix": True},
])  # fmt: skip
def test_a_model_that_cannot_be_exported_says_why(change):
    with pytest.raises(TokenizerError, match="cannot be exported with the same ids"):
        hugging_face_json(SentencePieceLibrary(sentencepiece_model(**change), "other"))


def runs() -> SentencePieceLibrary:
    """A model with pieces that overlap with themselves: runs of one character, and of two in turn."""
    choice = random.Random(0)
    texts = ["".join(choice.choice("ab=") * choice.randint(1, 9) for _ in range(30)) for _ in range(200)]
    texts += ["ab" * choice.randint(1, 20) + "a" * choice.randint(0, 3) for _ in range(300)]
    return SentencePieceLibrary(train_model(texts, TokenizerSettings(vocab_size=420, max_piece_length=12)), "runs")


RUNS = runs()
RUNS_EXPORTED = HuggingFaceLibrary(hugging_face_json(RUNS), "runs")


@given(st.lists(st.text("ab=", max_size=60), max_size=20))
@example([part * count for part in ("a", "=", "ab", "ba", "aab", "abab=") for count in range(50)])
def test_pieces_that_overlap_with_themselves(texts):
    assert sum(piece.strip("a") == "" and len(piece) > 2 for piece in RUNS.pieces()) > 2
    assert RUNS_EXPORTED.encode(texts) == RUNS.encode(texts)
