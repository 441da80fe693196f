"""A report says of a corpus what counting by hand says."""

import pytest

from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.libraries.huggingface import HuggingFaceLibrary
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.tokenize.report import report_tokenizer
from schemas.tokenizer import TokenizerReport
from tests.pipelines.tokenize.corpus import documents, write
from tests.support.tokenizers import byte_level, data_of, sentencepiece_model


def quiet(message: str) -> None:
    """Nobody reads it."""


def report(tmp_path, rows: list[dict[str, object]], baseline: bool = False) -> TokenizerReport:
    tokenizer = CachedTokenizer(SentencePieceLibrary(sentencepiece_model(), "small"))
    other = CachedTokenizer(HuggingFaceLibrary(data_of(byte_level(vocab_size=260)), "bytes")) if baseline else None
    return report_tokenizer(tokenizer, other, write(tmp_path, rows, 2), 100, quiet)


def test_measures_are_what_counting_gives(tmp_path):
    rows = documents()
    rows[0]["text"] = "two words"
    rows[1]["text"] = "\U0001f9ff" * 3
    found = report(tmp_path, rows, baseline=True)
    library = SentencePieceLibrary(sentencepiece_model(), "small")
    by_group = {each.group: each for each in found.measures}
    for group, wanted in {
        "all": rows,
        "language=zh": [row for row in rows if row["language"] == "zh"],
        "language=": [row for row in rows if row["language"] is None],
        "source=web": [row for row in rows if row["source"] == "web"],
    }.items():
        texts = [str(row["text"]) for row in wanted]
        size, ids = (
            sum(len(text.encode()) for text in texts),
            [number for each in library.encode(texts) for number in each],
        )
        measured = by_group[group]
        assert (measured.documents, measured.bytes, measured.tokens) == (len(texts), size, len(ids))
        assert measured.byte_tokens == sum(number in library.byte_ids() for number in ids)
        assert measured.bytes_per_token == pytest.approx(size / len(ids))
        assert measured.fertility == pytest.approx(len(ids) / measured.words)
        assert 1 <= measured.baseline_bytes_per_token < measured.bytes_per_token
    assert by_group["all"].byte_tokens >= 12
    assert by_group["all"].words == by_group["source=web"].words + by_group["source=code"].words
    assert found.sample_digest and (found.broken, found.first_broken) == (0, None)


def test_pieces_that_never_come_are_counted(tmp_path):
    found = report(tmp_path, [documents()[0] | {"text": "training data"}])
    library = SentencePieceLibrary(sentencepiece_model(), "small")
    used = set(library.encode(["training data"])[0])
    assert found.unused == library.vocab_size - len(used) - 256 - 3
    assert set(found.unused_examples) < set(library.pieces())
    assert found.measures[0].baseline_bytes_per_token is None


def test_the_first_text_that_does_not_come_back_is_named(tmp_path):
    rows = documents()
    rows[5]["text"] = "a sign \u2581 that stands for a space"
    found = report(tmp_path, rows)
    assert found.broken == 1
    assert found.first_broken is not None
    assert (found.first_broken.doc_id, found.first_broken.position) == (rows[5]["doc_id"], 7)
    assert found.first_broken.text == "\u2581 that stands for a space"
    assert found.first_broken.decoded == "  that stands for a space"
