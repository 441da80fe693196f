"""Encoding segments once gives the ids of the library, whatever the text."""

import gzip
import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filters.lexing.utf8 import utf8
from pipelines.tokenize.cached import CachedTokenizer, flat
from pipelines.tokenize.cutting.merging import LEFT, MOST_BYTES, encode_segments
from pipelines.tokenize.cutting.patterns import PATTERNS
from pipelines.tokenize.libraries.huggingface import HuggingFaceLibrary
from pipelines.tokenize.libraries.library import Cuttable, Library, Whole
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from tests.support.tokenizers import WORDS, by_text, byte_level, data_of, sentencepiece_model, sentences

CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
MARKS = [" ", "  ", "\n", "\n\n ", "▁", "<s>", "</s>", "<0x0A>", "'s", "\u3000"]
MIXED = st.lists(st.one_of(CHARACTERS, st.sampled_from([*WORDS, *MARKS])), max_size=30).map("".join)
TEXTS = st.lists(MIXED, max_size=6)

HOSTILE = [
    "", " ", "\0", "▁", "▁ ▁", " ▁the", "a" * 5000, " " * 3000, "=" * 999, "aaa aaaa aaaaa", "e\u0301 \u00e9",
    "\ufeff x", "<s> </s> <unk> <0x41>", "\U0010ffff\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "2024-01-01T00:00:00", "\r\n\r\n \t ", "中" * 700,
]  # fmt: skip


def sentencepiece_library() -> SentencePieceLibrary:
    return SentencePieceLibrary(sentencepiece_model(), "small")


def check(tokenizer: CachedTokenizer, texts: list[str]) -> None:
    found = tokenizer.encode(pa.array(texts, pa.large_string()))
    assert found.offsets.dtype == np.int64
    assert by_text(found.ids.tolist(), found.offsets.tolist()) == tokenizer.library.encode(texts)


SMALL = CachedTokenizer(sentencepiece_library())


@given(TEXTS)
@example(HOSTILE)
def test_ids_of_sentencepiece_are_the_same_on_any_text(texts):
    check(SMALL, texts)


BYTE_LEVEL = {pattern: HuggingFaceLibrary(data_of(byte_level(pattern)), "small") for pattern in [*PATTERNS, None]}


@pytest.mark.parametrize("pattern", [None, *sorted(PATTERNS)], ids=lambda pattern: str(pattern)[-30:])
def test_ids_of_byte_level_tokenizers_are_the_same_on_any_text(pattern):
    tokenizer = CachedTokenizer(BYTE_LEVEL[pattern])
    assert isinstance(tokenizer.library.cutting(), Cuttable)

    @given(TEXTS)
    @example(HOSTILE)
    def compare(texts: list[str]) -> None:
        check(tokenizer, texts)

    compare()


@pytest.mark.parametrize("cache_bytes", [0, 1 << 30])
def test_forgetting_and_growing_change_nothing(cache_bytes):
    tokenizer = CachedTokenizer(sentencepiece_library(), cache_bytes)
    made_up = [" ".join(f"{seed}x{seed * word}" for word in range(200)) for seed in range(300)]
    for texts in (made_up, sentences(1), made_up[::-1], sentences(2)):
        check(tokenizer, texts)


def test_texts_longer_than_a_chunk():
    texts = [" ".join(sentences(seed, 60_000)) for seed in range(2)]
    assert len("".join(texts).encode()) > 9_000_000
    tokenizer = CachedTokenizer(sentencepiece_library())
    check(tokenizer, [*texts, "last"])


def test_slices_and_nulls_and_nothing():
    text = pa.array(["before", "the model", None, "", "after"], pa.large_string()).slice(1, 3)
    tokens = SMALL.encode(text)
    assert by_text(tokens.ids.tolist(), tokens.offsets.tolist()) == [*SMALL.library.encode(["the model"]), [], []]
    hidden = pa.LargeStringArray.from_buffers(
        1, pa.py_buffer(np.array([0, 3])), pa.py_buffer(b"abc"), pa.py_buffer(b"\0"), 1
    )
    assert hidden.to_pylist() == [None]
    assert len(SMALL.encode(hidden).ids) == 0
    nothing = SMALL.encode(pa.array([], pa.large_string()))
    assert (nothing.ids.tolist(), nothing.offsets.tolist()) == ([], [0])


@pytest.mark.parametrize(("vocab_size", "dtype"), [(65_536, np.uint16), (65_537, np.uint32), (300, np.uint16)])
def test_ids_are_as_wide_as_the_vocabulary_needs(vocab_size, dtype):
    class Last:
        """The last id for each character."""

        name, identity = "last", "0" * 32
        encode = staticmethod(lambda texts: [[vocab_size - 1] * len(text) for text in texts])

        def cutting(self) -> Whole:
            return Whole("it is a test")

    library = Last()
    library.vocab_size = vocab_size
    tokens = CachedTokenizer(library).encode(pa.array(["ab", "c"], pa.large_string()))
    assert tokens.ids.dtype == dtype
    assert tokens.ids.tolist() == [vocab_size - 1] * 3
    assert tokens.offsets.tolist() == [0, 2, 3]


def test_an_id_that_does_not_fit_is_an_error():
    with pytest.raises(OverflowError, match="65536"):
        flat([[65_536]], np.uint16)
    with pytest.raises(OverflowError, match="-1"):
        flat([[-1]], np.uint32)


def test_ids_are_the_same_on_real_pages_and_code(shared_data):
    texts = []
    for path in sorted((shared_data / "code").glob("*.jsonl.gz"))[:6]:
        with gzip.open(path, "rt") as file:
            texts += [json.loads(line).get("content") or "" for line in file][:60]
    with gzip.open(shared_data / "web" / "web-dev-groundtruth.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    texts += [row["text"] for row in rows if isinstance(row.get("text"), str)][::4]
    assert sum(map(len, texts)) > 1_500_000
    assert any("中" in text or "的" in text for text in texts)
    for library in (sentencepiece_library(), BYTE_LEVEL[None]):
        check(CachedTokenizer(library), texts)


def changed(change: dict[str, object]) -> Library:
    """A byte-level tokenizer with other parts."""
    return HuggingFaceLibrary(json.dumps(json.loads(data_of(byte_level())) | change).encode(), "changed")


FLAGS = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
ADDED = FLAGS | {"id": 900, "content": "<x>", "special": True}
PREFIXED = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
UNKNOWN = {"type": "Split", "pattern": {"Regex": ".  "}, "behavior": "Isolated", "invert": False}


@pytest.mark.parametrize(("library", "why"), [
    (SentencePieceLibrary(sentencepiece_model(model_type="unigram"), "u"), "no byte-pair"),
    (SentencePieceLibrary(sentencepiece_model(byte_fallback=False), "u"), "unknown characters"),
    (SentencePieceLibrary(sentencepiece_model(normalization_rule_name="nmt_nfkc"), "u"), "normalises"),
    (SentencePieceLibrary(sentencepiece_model(add_dummy_prefix=True), "u"), "a space before each text"),
    (SentencePieceLibrary(sentencepiece_model(remove_extra_whitespaces=True), "u"), "takes spaces out"),
    (SentencePieceLibrary(sentencepiece_model(treat_whitespace_as_suffix=True), "u"), "after words"),
    (changed({"added_tokens": [ADDED | {"rstrip": True}]}), "beside an added token"),
    (changed({"normalizer": {"type": "Lowercase"}}), "normalises"),
    (changed({"pre_tokenizer": PREFIXED}), "not known"),
    (changed({"pre_tokenizer": UNKNOWN}), "not known"),
])  # fmt: skip
def test_what_cannot_be_cut_is_encoded_whole_and_says_so(library, why):
    cutting = library.cutting()
    assert isinstance(cutting, Whole)
    assert why in cutting.why
    tokenizer = CachedTokenizer(library)
    assert f"whole: {cutting.why}" in tokenizer.description
    check(tokenizer, [*HOSTILE, *sentences(3)])


def test_added_tokens_are_found_as_by_the_library():
    library = changed({"added_tokens": [ADDED], "normalizer": {"type": "NFC"}})
    assert isinstance(library.cutting(), Cuttable)
    check(CachedTokenizer(library), ["a <x> b", "<x><x>", " <x", "e\u0301 <x>e\u0301", *sentences(4)])
    assert library.encode(["<x>"]) == [[900]]
    spaced = changed({"added_tokens": [ADDED | {"content": "<|end of.text，|>"}]})
    assert spaced.encode(["<|end of.text，|>"]) == [[900]]
    check(CachedTokenizer(spaced), ["the end<|end of.text，|>the end of.text", "a <|end of.text，|", *sentences(4)])


def test_user_defined_pieces_are_never_cut():
    library = SentencePieceLibrary(sentencepiece_model(user_defined_symbols=("<|x y|>", "，，", "▁▁▁")), "defined")
    assert isinstance(library.cutting(), Cuttable)
    texts = ["a <|x y|>b", "<|x y|><|x y|", "a，，，b", "a       b", "a <|x▁y|>", *HOSTILE, *sentences(5)]
    check(CachedTokenizer(library), texts)


class Reluctant(SentencePieceLibrary):
    """Encodes nothing itself but what is long."""

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of long texts."""
        assert all(len(text.encode()) > MOST_BYTES for text in texts)
        return super().encode(texts)


def test_segments_are_encoded_by_their_merges_and_long_ones_by_the_library():
    texts = ["the model", "naïve 中文 \U0001f642 ▁ x", "", "=" * MOST_BYTES, "=" * (MOST_BYTES + 1), *sentences(6)]
    found = CachedTokenizer(Reluctant(sentencepiece_model(), "small")).encode(pa.array(texts, pa.large_string()))
    assert by_text(found.ids.tolist(), found.offsets.tolist()) == sentencepiece_library().encode(texts)


def test_words_of_byte_level_tokenizers_need_no_library():
    library = BYTE_LEVEL[None]
    merges = library.cutting().merges
    words = ["the", " model", "中文分词", " 2024", "...", " naïve", "жизнь"]
    data, offsets = utf8(pa.array([*words, "don't", "\n\n", " x1"], pa.large_string()))
    ids, counts = np.zeros(len(data), np.int32), np.zeros(len(offsets) - 1, np.int64)
    written = encode_segments(data, offsets, merges, ids, counts)
    assert counts[len(words) :].tolist() == [LEFT] * 3
    edges = [0, *np.cumsum(counts[: len(words)]).tolist()]
    assert edges[-1] == written
    assert by_text(ids[:written].tolist(), edges) == library.encode(words)


def test_an_added_token_that_is_a_word_leaves_all_to_the_library():
    assert changed({"added_tokens": [ADDED | {"content": " the"}]}).cutting().merges is None
    assert changed({"added_tokens": [ADDED | {"content": " "}]}).cutting().merges is None
    library = changed({"added_tokens": [ADDED | {"content": "odel"}]})
    assert library.cutting().merges is None
    check(CachedTokenizer(library), ["the model models", *sentences(7)])
