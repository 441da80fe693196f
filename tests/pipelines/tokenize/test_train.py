"""The same request gives the same tokenizer, and what it says of itself holds."""

import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash

from pipelines.read.files import InputError
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.open import open_library, open_tokenizer
from pipelines.tokenize.sample import sample_texts
from pipelines.tokenize.train import TokenizerRequest, train_tokenizer
from schemas.tokenizer import PRESETS, TokenizerCard, TokenizerSettings
from tests.pipelines.tokenize.corpus import documents, write

SMALL = TokenizerSettings(vocab_size=700, sample_mb=1)
FILES = ("tokenizer.model", "tokenizer.json")


def quiet(message: str) -> None:
    """Nobody reads it."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    card = train_tokenizer(TokenizerRequest(write(folder / "in", documents(), 3), SMALL, folder / "out"), quiet)
    return folder / "out", card


def test_shards_and_order_change_nothing(trained, tmp_path):
    rows = documents()
    random.Random(1).shuffle(rows)
    card = train_tokenizer(TokenizerRequest(write(tmp_path / "in", rows, 5), SMALL, tmp_path / "out"), quiet)
    assert all((tmp_path / "out" / name).read_bytes() == (trained[0] / name).read_bytes() for name in FILES)
    assert card.model_copy(update={"files": trained[1].files}) == trained[1]


def test_the_card_says_what_is_there(trained):
    out, card = trained
    assert TokenizerCard.model_validate_json((out / "card.json").read_text()) == card
    for file in (card.model, card.hugging_face):
        content = (out / file.path).read_bytes()
        assert (file.bytes, file.digest) == (len(content), xxhash.xxh3_128_hexdigest(content))
    rows = documents()
    assert {stratum.values: stratum.documents for stratum in card.strata} == {
        ("code", "repositories"): 40, ("web", "crawl"): 80,
    }  # fmt: skip
    assert sum(stratum.bytes for stratum in card.strata) == sum(len(str(row["text"]).encode()) for row in rows)
    assert all(stratum.sampled_bytes == stratum.bytes for stratum in card.strata)
    assert sum(file.records for file in card.files) == len(rows)
    assert (card.vocab_size, card.fingerprint) == (700, open_tokenizer(str(out)).fingerprint)
    assert sorted(path.name for path in out.iterdir()) == ["card.json", *sorted(FILES)]


def test_digits_and_space_and_unknown_characters(trained):
    library = open_library(str(trained[0] / "tokenizer.model"))
    pieces = library.pieces()
    assert [pieces[number] for number in library.encode(["2024"])[0]] == ["2", "0", "2", "4"]
    assert not any(sum(map(str.isdigit, piece)) and len(piece) > 1 and piece[0] != "<" for piece in pieces)
    assert set(library.encode(["\U0001f9ff"])[0]) <= library.byte_ids()
    for text in ("e\u0301", "\u00e9", "  a   b ", "\t\n\r\n x", "ﬁ ² Å", "\0", "</s>"):
        assert library.decode(library.encode([text])[0]) == text
    assert library.encode(["e\u0301"]) != library.encode(["\u00e9"])


def test_a_sample_is_part_of_a_larger_one_and_within_its_budget(tmp_path):
    rows = documents()
    patterns = write(tmp_path, [row | {"text": str(row["text"]) * 20} for row in rows], 4)
    sizes = [1, 2, 100]
    samples = [sample_texts(patterns, TokenizerSettings(vocab_size=300, sample_mb=size), quiet) for size in sizes]
    taken = [{document.doc_id for document in sample.documents} for sample in samples]
    assert taken[0] < taken[1] < taken[2] == {row["doc_id"] for row in rows}
    for size, sample in zip(sizes, samples, strict=True):
        sampled = sum(len(document.text.encode()) for document in sample.documents)
        assert sampled == sum(stratum.sampled_bytes for stratum in sample.strata) <= size * 10**6
    half = samples[1].strata
    shares = [stratum.sampled_bytes / stratum.bytes for stratum in half]
    assert max(shares) - min(shares) < 0.1, "the mixture stays"
    other = sample_texts(patterns, TokenizerSettings(vocab_size=300, sample_mb=1, seed=1), quiet)
    assert {document.doc_id for document in other.documents} != taken[0]


def test_temperature_gives_small_languages_more(tmp_path):
    rows = [row | {"text": str(row["text"]) * 20} for row in documents()]
    patterns = write(tmp_path, rows, 2)
    columns = ("source", "collection", "language")
    shares = []
    for temperature in (1, 5):
        settings = TokenizerSettings(vocab_size=300, sample_mb=1, stratify=columns, temperature=temperature)
        strata = {stratum.values: stratum for stratum in sample_texts(patterns, settings, quiet).strata}
        assert set(strata) == {("code", "repositories", ""), ("web", "crawl", "en"), ("web", "crawl", "zh")}
        shares.append(strata["web", "crawl", "zh"].sampled_bytes)
    assert shares[1] > 1.5 * shares[0] > 0


def test_presets_say_what_is_published_and_what_is_not():
    assert {name: preset.settings.vocab_size for name, preset in PRESETS.items()} == {
        "afm-device": 49_152, "afm-server": 100_000, "afm-2025": 150_000,
    }  # fmt: skip
    for preset in PRESETS.values():
        assert {statement.split(":")[0] for statement in preset.evidence} == {"published", "inferred", "ours"}
        published = [statement for statement in preset.evidence if statement.startswith("published")]
        assert not any(number in " ".join(published) for number in ("49,152", "100,000", "150,000"))


def request(tmp_path, rows: list[dict[str, object]], **changes: object) -> TokenizerRequest:
    settings = SMALL.model_copy(update=changes)
    return TokenizerRequest(write(tmp_path / "in", rows, 1), settings, tmp_path / "out")


@pytest.mark.parametrize(("changes", "message"), [
    ({"vocab_size": 40_000}, r"too little text for 40,000 tokens.*has material for [\d,]+.*--vocab-size \d+"),
    ({"vocab_size": 300}, r"--vocab-size 300 has no room for the characters"),
])  # fmt: skip
def test_a_vocabulary_that_does_not_fit_the_text(tmp_path, changes, message):
    with pytest.raises(TokenizerError, match=message):
        train_tokenizer(request(tmp_path, documents(), **changes), quiet)
    assert list((tmp_path / "out").iterdir()) == []


def test_no_text_at_all(tmp_path):
    with pytest.raises(TokenizerError, match="no document has any text"):
        train_tokenizer(request(tmp_path, []), quiet)


def test_other_columns_and_other_files(tmp_path):
    table = pa.table({"id": ["1"], "text": ["a"]})
    pq.write_table(table, tmp_path / "other.parquet")
    with pytest.raises(
        TokenizerError, match=r"other.parquet: no column doc_id, source, collection \(it has id, text\)"
    ):
        sample_texts((str(tmp_path / "other.parquet"),), SMALL, quiet)
    wrong = pa.table({"doc_id": ["1"], "text": [1], "source": ["web"], "collection": ["c"]})
    pq.write_table(wrong, tmp_path / "wrong.parquet")
    with pytest.raises(TokenizerError, match="column text is int64, not text"):
        sample_texts((str(tmp_path / "wrong.parquet"),), SMALL, quiet)
    (tmp_path / "lines.jsonl").write_text(json.dumps({"text": "a"}))
    with pytest.raises(TokenizerError, match=r"lines.jsonl: documents are Parquet files"):
        sample_texts((str(tmp_path / "lines.jsonl"),), SMALL, quiet)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(TokenizerError, match=r"broken.parquet: cannot be read as Parquet"):
        sample_texts((str(tmp_path / "broken.parquet"),), SMALL, quiet)
    with pytest.raises(InputError, match="no such file"):
        sample_texts((str(tmp_path / "missing.parquet"),), SMALL, quiet)


def test_a_folder_that_cannot_be_written_or_is_taken(trained, tmp_path):
    (tmp_path / "file").write_text("")
    blocked = TokenizerRequest(("unread",), SMALL, tmp_path / "file" / "out")
    with pytest.raises(TokenizerError, match=r"cannot write to .*; give another --out"):
        train_tokenizer(blocked, quiet)
    with pytest.raises(TokenizerError, match="already has a tokenizer"):
        train_tokenizer(TokenizerRequest(("unread",), SMALL, trained[0]), quiet)
