"""Words of a page as numbers."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.features.stems import LONGEST, SHORTEST, page_words


def words_of(html: str) -> list[list[int]]:
    """The numbers of each block's words, then the title's, then the description's."""
    tokens = tokenize(to_source(html))
    numbers, begins, groups = page_words(tokens.source, tokens.table, find_blocks(tokens).table)
    assert groups == len(set(numbers.tolist()))
    return [numbers[begins[place] : begins[place + 1]].tolist() for place in range(len(begins) - 1)]


def test_title_and_description_follow_the_blocks() -> None:
    head = '<title>Fresh bread</title><meta name=description content="bread of rye">'
    first, second, title, description = words_of(f"{head}<p>Fresh rye<p>Bread")
    assert first == [title[0], description[1]]
    assert second == [title[1]] == [description[0]]


def test_words_are_their_first_letters_in_lower_case() -> None:
    (block, _, _) = words_of("<p>Häuserzeile HÄUSERN häuse an Города городами Δρόμος ΔΡΌΜΟΥ")
    assert block[0] == block[1] != block[2]
    assert block[3] != block[0]
    assert len(block) == 7
    assert block[5] != block[6]


def test_scripts_without_spaces_are_pairs_of_letters() -> None:
    (block, title, _) = words_of("<title>東京都</title><p>東京都、京都")
    assert len(title) == 2
    assert block == [*title, title[1]]


def test_entities_are_no_words() -> None:
    (block, _, _) = words_of("<p>salt&nbsp;pepper &amp; salt")
    assert (len(block), block[0]) == (3, block[2])


@given(st.text(st.sampled_from("aBcdÄéßЖщώΩ0_ .,-\t"), max_size=80))
def test_words_are_those_of_a_plain_reading(text: str) -> None:
    runs = re.findall(r"[^\W_]+", text)
    expected = [run.lower()[:LONGEST] for run in runs if len(run) >= SHORTEST]
    found = [number for block in words_of(f"<p>{text}")[:-2] for number in block]
    assert len(found) == len(expected)
    for one, word in zip(found, expected, strict=True):
        assert [number == one for number in found] == [other == word for other in expected]
