"""Kept blocks to plain text: a line for each, white space as a browser shows it, entities as characters."""

import numpy as np

from pipelines.extract.assemble.block_bytes import Keep, characters, write_blocks
from pipelines.extract.blocks.blocks import Blocks
from pipelines.extract.blocks.tokens import Tokens


def to_text(tokens: Tokens, blocks: Blocks, keep: Keep) -> str:
    """The blocks of which ``keep`` (bool[blocks]) is true, a line each; ``<br>`` begins one, ``<pre>`` stays as is."""
    written, _ = write_blocks(tokens.source, tokens.table, blocks.table, blocks.of_token, keep, 0)
    return characters(written.tobytes()).strip()


def block_texts(tokens: Tokens, blocks: Blocks) -> list[str]:
    """The text of every block, as ``to_text`` writes it."""
    everything = np.ones(len(blocks), np.bool_)
    written, places = write_blocks(tokens.source, tokens.table, blocks.table, blocks.of_token, everything, 0)
    text = written.tobytes()
    return [characters(text[start:end]).strip() for start, end, _ in places.tolist()]
