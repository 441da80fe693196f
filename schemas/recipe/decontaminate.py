"""How benchmarks are kept out of a corpus."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from schemas.strict import StrictModel


class Decontaminate(StrictModel):
    """Look for the n-grams of benchmarks in every document, and what to do where one is found.

    Source: AFM (arXiv 2407.21075): a document goes on any collision with 4- to 13-grams of 811 benchmarks, unless the
    n-gram collides 1000 times or more. Cutting is GPT-3's way (arXiv 2005.14165, appendix C).
    """

    index: Path
    """The file that `orchard benchmarks build` wrote."""
    common_usage: int = Field(default=1000, ge=1)
    """An n-gram that so many documents of the corpus hold is common usage, and no reason to drop any (AFM: 1000)."""
    mode: Literal["drop", "cut", "mark"] = "drop"
    """``drop`` the document (AFM), ``cut`` the passage out, or only ``mark`` the document in its signals."""
    context: int = Field(default=200, ge=0)
    """Characters that are cut on either side of a passage (GPT-3: 200)."""
    min_piece: int = Field(default=200, ge=1)
    """What is left between two cuts goes too if it is shorter; characters (GPT-3: 200)."""
    max_pieces: int = Field(default=10, ge=1)
    """A document that falls into more pieces than this is dropped (GPT-3: 10)."""
