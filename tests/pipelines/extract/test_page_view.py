"""Why a block was cut."""

import numpy as np

from pipelines.extract.blocks.blocks import find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.features.stems import page_words
from pipelines.extract.model.classify import Judgement
from pipelines.extract.model.keep import keep_blocks
from pipelines.extract.model.model_file import shipped_model
from pipelines.extract.page_view import reasons

ARTICLE = " ".join(f"word{number}" for number in range(60))


def test_likely_blocks_are_cut_for_a_reason_of_their_own() -> None:
    html = f"<article><p>{ARTICLE}</p><p>{ARTICLE}</p></article><div id=comments><p>Well said, all of it.</p></div>"
    tokens = tokenize(to_source(html))
    blocks = find_blocks(tokens)
    probability = np.full(len(blocks), 0.9, np.float32)
    keep, cut, expected = keep_blocks(
        tokens, blocks, page_words(tokens.source, tokens.table, blocks.table), probability
    )
    assert keep.tolist() == [True, False, False]
    found = reasons(shipped_model(), Judgement(tokens, blocks, probability, keep, cut, expected))
    assert found[1:] == ["said before on this page", "readers' comments on the article"]
    assert found[0] not in found[1:]
