"""Two engines' texts together."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.combine import agreement, union
from pipelines.extract.scoring import bag_of_words

TITLE, FIRST, SECOND = "A title", "the first paragraph of some words", "the second paragraph has other words in it"
MENU, NOTE = "home about contact", "a note below it all"
LINES = st.lists(st.sampled_from([TITLE, FIRST, SECOND, MENU, NOTE, ""]), max_size=6, unique=True).map("\n".join)


def test_by_hand() -> None:
    one, other = "\n".join([TITLE, FIRST, SECOND]), "\n".join([MENU, FIRST, NOTE, SECOND.upper()])
    assert agreement(one, other) == "\n".join([FIRST, SECOND])
    assert union(one, other) == "\n".join([MENU, TITLE, FIRST, NOTE, SECOND])


def test_a_line_is_shared_if_most_of_it_is() -> None:
    assert agreement(FIRST, f"{FIRST} and more words") == FIRST
    assert agreement(f"{FIRST} and here it goes on with very many more words", FIRST) == ""


@given(LINES, LINES)
def test_nothing_is_lost_or_made_up(one: str, other: str) -> None:
    together, shared = bag_of_words(union(one, other)), bag_of_words(agreement(one, other))
    assert bag_of_words(one) <= together <= bag_of_words(one) + bag_of_words(other)
    assert shared <= bag_of_words(one)
    assert union(one, one) == agreement(one, one) == one
    assert bag_of_words(union(one, other)) == bag_of_words(union(other, one))
