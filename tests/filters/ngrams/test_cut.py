"""Passages are cut out by whole words, with their context."""

from hypothesis import given
from hypothesis import strategies as st

from filters.ngrams.cut import Cutting, cut_passages, passage_spans, word_spans
from filters.ngrams.show import passage
from tests.support.words import words_by_definition

BARE = Cutting(context=0, min_piece=1, max_pieces=10)


def test_spans_are_those_of_the_words():
    text = "“Don't,” said U.S. 3.5 — naïve\n日本\u00a0x_y…"
    spans = word_spans(text)
    words = [text[start:end] for start, end in zip(spans.start, spans.end, strict=True)]
    assert words == ["Don't", "said", "U.S", "3.5", "naïve", "日", "本", "x_y"]


@given(st.text(st.sampled_from("ab'-. \n\u00a0\u202f\u0301日é_7😀"), max_size=60))
def test_there_is_a_span_of_characters_for_every_word(text):
    spans = word_spans(text)
    places = list(zip(spans.start.tolist(), spans.end.tolist(), strict=True))
    assert places == [(start, end) for start, end, _ in words_by_definition(text)]


def test_passages_that_touch_are_one():
    words = word_spans("one two three four five six")
    assert passage_spans(words, [(3, 2), (0, 2), (1, 2)]) == [(0, 13), (14, 23)]


def test_cuts_the_passage_and_leaves_the_rest():
    text = "Before it. The secret question of the test! After it."
    assert cut_passages(text, [(2, 6)], BARE) == "Before it.\n\n! After it."
    assert cut_passages(text, [], BARE) == text


def test_cuts_context_by_whole_words():
    text = "alpha beta gamma delta epsilon zeta eta"
    assert cut_passages(text, [(3, 1)], Cutting(context=3, min_piece=1, max_pieces=10)) == "alpha beta\n\nzeta eta"
    assert cut_passages(text, [(3, 1)], Cutting(context=6, min_piece=1, max_pieces=10)) == "alpha beta\n\nzeta eta"
    assert cut_passages(text, [(3, 1)], Cutting(context=100, min_piece=1, max_pieces=10)) is None


def test_drops_short_pieces_and_texts_in_too_many_pieces():
    text = "a long piece that stays in the text. SECRET. tiny. SECRET. and another long piece that stays too"
    secrets = [(8, 1), (10, 1)]
    kept = cut_passages(text, secrets, Cutting(context=0, min_piece=10, max_pieces=10))
    assert kept == "a long piece that stays in the text.\n\n. and another long piece that stays too"
    assert cut_passages(text, secrets, Cutting(context=0, min_piece=5, max_pieces=2)) is None
    assert cut_passages(text, secrets, Cutting(context=0, min_piece=500, max_pieces=10)) is None


@given(
    words=st.lists(st.sampled_from(["red", "green", "blue."]), min_size=1, max_size=30),
    first=st.integers(0, 29),
    count=st.integers(1, 5),
    context=st.integers(0, 20),
)
def test_never_leaves_half_a_word_nor_the_passage(words, first, count, context):
    first %= len(words)
    count = min(count, len(words) - first)
    marked = [f"x{number}" if first <= number < first + count else word for number, word in enumerate(words)]
    left = cut_passages(" ".join(marked), [(first, count)], Cutting(context, 1, 10))
    assert {word.strip(".") for word in (left or "").split()} <= {"red", "green", "blue", ""}


def test_shows_a_passage_with_what_is_around_on_one_line():
    text = "Père, line.\nThe secret\nquestion is here, as all can see.".encode()
    assert passage(text, (17, 32), context=6) == "… The [secret question] is …"
    assert passage(text, (17, 32), context=100) == "Père, line. The [secret question] is here, as all can see."
    assert passage(text, (0, 5), context=0) == "[Père] …"
    assert passage(text, (1, 5), context=0) == "… [ère] …"
    assert passage("あ日本語え".encode(), (3, 12), context=1) == "あ[日本語]え"
