"""Runs of likely content, and which of them the title speaks of."""

import numpy as np
import pytest

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.features.stems import page_words
from pipelines.extract.model.clusters import GAP, NAMES, cluster_features

ARTICLE = "<p>The storm sank boats in the harbour." * 3
MENU = "".join(f"<li>entry{number}" for number in range(GAP))
RULES = "<p>Comments must be polite and about the matter." * 6
HTML = f"<title>Storm hits harbour</title><h1>Storm hits harbour</h1>{ARTICLE}<ul>{MENU}</ul>{RULES}"


def features_of(html: str, likely: str) -> dict[str, np.ndarray]:
    """Features where every block that begins with a word of ``likely`` has probability 0.9, others 0.1."""
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens).table
    words = page_words(tokens.source, tokens.table, blocks)
    texts = html.replace("<h1>", "<p>").replace("<li>", "<p>").split("<p>")[1:]
    probability = np.array([0.9 if text.split()[0] in likely.split() else 0.1 for text in texts], np.float32)
    result = np.full((len(blocks), len(NAMES)), np.nan, np.float32)
    cluster_features(words, blocks, probability, 0, result)
    return {name: result[:, column] for column, name in enumerate(NAMES)}


def test_article_and_rules_are_two_clusters_and_the_title_is_said_in_one() -> None:
    found = features_of(HTML, "The Comments")
    assert set(found["clusters"]) == {2}
    assert found["cluster_title"][1] == pytest.approx(2 / 3)
    assert found["cluster_title_under_best"][1] == 0
    assert found["cluster_title"][-1] == 0
    assert found["cluster_title_under_best"][-1] == pytest.approx(-2 / 3)
    assert found["cluster_from_largest"][1] == -1
    assert found["cluster_over_largest"][-1] == 1
    assert found["cluster_gap"][1] == -1 < found["cluster_gap"][-1] == pytest.approx(np.log1p(GAP))


def test_a_block_between_clusters_belongs_to_the_nearer_one() -> None:
    found = features_of(HTML, "The Comments")
    menu = found["cluster_from_largest"][4:-6]
    assert menu[0] == -1
    assert menu[-1] == 0
    assert (np.diff(menu) >= 0).all()
    assert found["cluster_distance"][4] == 0 < found["cluster_distance"][5]


def test_a_short_gap_parts_nothing() -> None:
    assert set(features_of(HTML.replace(MENU, "<li>entry"), "The Comments")["clusters"]) == {1}


def test_a_page_without_likely_blocks_has_zeros() -> None:
    assert all((values == 0).all() for values in features_of(HTML, "Nothing").values())
