import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.conformance.texts import page_texts
from filters.batch import Batch
from filters.lexing.hashed_words import words_of as hashed_words
from filters.minhash.characters import characters
from filters.minhash.code_tokens import code_tokens
from filters.minhash.shingles import Shingles, ngrams, shingles

KINDS = ["words", "characters", "code"]
TEXTS = st.lists(st.text(st.sampled_from("aB1 _.+é中\n\u3000ﬁ"), max_size=20), max_size=5)


def batch(texts):
    text = pa.array(texts, pa.large_string())
    missing = pa.nulls(len(texts), pa.string())
    return Batch(text, missing, missing)


def as_lists(found: Shingles):
    return [found.hashes[a:b].tolist() for a, b in pairwise(found.offsets)]


def of(texts, kind="words", ngram=3):
    return as_lists(shingles(batch(texts), kind, ngram))


def same_partition(hashes, values):
    """Equal hashes for equal values and no others."""
    return len(set(hashes)) == len(set(values)) == len(set(zip(hashes, values, strict=True)))


def words_of(text):
    return hashed_words(pa.array([text], pa.large_string())).hash.tolist()


def naive_ngrams(tokens, n):
    return [tuple(tokens[i : i + n]) for i in range(max(len(tokens) - n + 1, min(len(tokens), 1)))]


@pytest.fixture(scope="module")
def real_texts(shared_data):
    return [text for text in page_texts([shared_data / "web" / "web-dev-004.warc.gz"]) if len(text) < 20_000][:150]


def test_real_pages_have_a_hash_for_every_five_words_in_a_row(real_texts):
    found = of(real_texts, ngram=5)
    expected = [naive_ngrams(words_of(text), 5) for text in real_texts]
    assert [len(hashes) for hashes in found] == [len(values) for values in expected]
    assert same_partition([h for hashes in found for h in hashes], [v for values in expected for v in values])


@given(st.lists(st.lists(st.integers(0, 3), max_size=9), max_size=5), st.integers(1, 6))
def test_ngrams_of_any_tokens(documents, n):
    words = np.random.default_rng(0).integers(0, 2**64, 4, dtype=np.uint64)
    tokens = words[np.array([token for document in documents for token in document], np.int64)]
    found = as_lists(ngrams(tokens, np.cumsum([0, *map(len, documents)], dtype=np.int64), n))
    expected = [naive_ngrams(document, n) for document in documents]
    assert [len(hashes) for hashes in found] == [len(values) for values in expected]
    assert same_partition([h for hashes in found for h in hashes], [v for values in expected for v in values])


@given(TEXTS, st.sampled_from(KINDS), st.data())
def test_a_document_has_the_same_shingles_wherever_it_stands(texts, kind, data):
    order = data.draw(st.permutations(range(len(texts))))
    found = of(texts, kind)
    assert of([texts[i] for i in order], kind) == [found[i] for i in order]


@pytest.mark.parametrize("kind", KINDS)
def test_short_and_empty_documents(kind):
    empty, blank, one, same_one, batchless = *of(["", " \n", "a", "a"], kind), of([], kind)
    assert (empty, blank, batchless) == ([], [], [])
    assert len(one) == 1
    assert one == same_one


@pytest.mark.parametrize("kind", KINDS)
def test_a_slice_of_a_column_has_the_shingles_of_its_own_texts(kind):
    text = pa.array(["x y z w", "ein zwei drei vier", "a + b * c"], pa.large_string()).slice(1, 2)
    missing = pa.nulls(2, pa.string())
    assert as_lists(shingles(Batch(text, missing, missing), kind, 2)) == of(text.to_pylist(), kind, 2)


def test_words_that_differ_in_dress_make_the_same_shingles():
    plain, dressed, other = of(
        ["dont stop me now please", '"DON’T" stop, me... now: please!', "stop dont me now please"]
    )
    assert plain == dressed
    assert plain[0] != other[0]


def test_the_order_of_words_counts():
    left, right = of(["a b c", "c b a"])
    assert left != right


def test_no_shingle_goes_from_one_document_to_the_next():
    assert [len(hashes) for hashes in of(["a b c d", "e f"])] == [2, 1]


def test_characters_are_those_of_the_normalised_text():
    text = "Ｆｕｌｌ width，日本語。 ﬁ  e\u0301!"
    hashes, offsets = characters(pa.array([text, "fullwidth日本語fié"], pa.large_string()))
    assert offsets.tolist() == [0, 15, 30]
    assert hashes[:15].tolist() == hashes[15:].tolist()
    assert len(set(hashes[:15].tolist())) == len(set("fullwidth日本語fié"))


@given(st.lists(st.text(max_size=12), max_size=4))
def test_characters_of_any_text(texts):
    hashes, offsets = characters(pa.array(texts, pa.large_string()))
    folded = [unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()) for text in texts]
    kept = ["".join(c for c in text if unicodedata.category(c)[0] in "LNM") for text in folded]
    assert np.diff(offsets).tolist() == [len(text) for text in kept]
    assert same_partition(hashes.tolist(), "".join(kept))


def tokens(source):
    hashes, offsets = code_tokens(pa.array([source], pa.large_string()))
    assert offsets.tolist() == [0, len(hashes)]
    return hashes.tolist()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if(x1>=0.5){return _a;}", ["if", "(", "x1", ">", "=", "0", ".", "5", ")", "{", "return", "_a", ";", "}"]),
        ("größe = 名前 # ok", ["größe", "=", "名前", "#", "ok"]),
        ("", []),
        ("\t\r\n ", []),
        ("A a", ["A", "a"]),
    ],
)
def test_code_is_names_numbers_and_operators(source, expected):
    assert len(tokens(source)) == len(expected)
    assert same_partition(tokens(source), expected)


def test_layout_of_code_does_not_count():
    assert tokens("for (i=0; i<n; i++) {\n\tf(i);\n}") == tokens("for(i = 0;i < n;i++){f( i );}")


def test_real_code_is_alike_when_laid_out_anew(repository):
    source = (repository / "filters" / "lexing" / "vocabulary.py").read_text()
    assert len(tokens(source)) > 1_000
    assert tokens(source) == tokens(source.replace("\n", "\n\n").replace("    ", "\t"))
    assert tokens(source) != tokens(source.replace("self", "Self"))
