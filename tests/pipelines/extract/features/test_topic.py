"""What blocks are about."""

import numpy as np
import pytest

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.features.masses import running_masses
from pipelines.extract.features.stems import page_words
from pipelines.extract.features.topic import NAMES, title_block, topic_features

PAGE = (
    '<title>Storm over the harbour - Daily News</title><meta name=description content="boats sank">'
    "<p>Weather Sports Politics<h1>Storm over the harbour</h1>"
    "<p>Several boats sank when a storm came over the old harbour on Monday night, says the mayor."
    "<p>The mayor says that the boats in the harbour were old and that nobody was hurt by it."
    "<p>Unrelated teasers promise recipes, horoscopes, lottery numbers and so many other things every single day."
)


def features_of(html: str) -> dict[str, list[float]]:
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens).table
    result = np.full((len(blocks), len(NAMES)), np.nan, np.float32)
    topic_features(page_words(tokens.source, tokens.table, blocks), blocks, running_masses(blocks), result)
    assert np.isfinite(result).all()
    return {name: result[:, column].tolist() for column, name in enumerate(NAMES)}


def test_the_heading_is_most_like_the_title() -> None:
    found = features_of(PAGE)
    assert found["title_found"][1] == pytest.approx(4 / 6)
    assert found["in_title"][1] == 1
    assert found["title_likeness"][1] == pytest.approx(2 * 4 / (4 + 6))
    assert set(found["title_best"]) == {found["title_likeness"][1]}
    assert found["blocks_from_title"] == [-1, 0, 1, 2, 3]
    assert found["words_from_title"][0] < 0 == found["words_from_title"][1] < found["words_from_title"][2]


def test_the_description_is_looked_for_in_every_block() -> None:
    found = features_of(PAGE)
    assert found["description_found"] == [0, 0, 1, 0.5, 0]
    assert set(found["description_best"]) == {1}


def test_paragraphs_of_one_text_share_words_and_teasers_do_not() -> None:
    shared = features_of(PAGE)["shared_long"]
    assert min(shared[2], shared[3]) > 0.25 > shared[4]


def test_a_page_without_a_title_has_no_distances() -> None:
    found = features_of("<p>one two three<p>four")
    assert found["blocks_from_title"] == found["title_best"] == [0, 0]


def test_the_first_of_equals_is_the_titles_block() -> None:
    assert title_block(np.array([0, 0.5, 0.5], np.float32)) == 1
    assert title_block(np.zeros(3, np.float32)) == -1
