"""The language of answers (fastText lid.176)."""

import re
from functools import lru_cache

import pyarrow as pa

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.products.summary import Summary
from filters.language.identify import scorer

LONGEST = 2000
"""Characters that are looked at."""
FEW, MOST = 0.1, 0.9
"""Shares of the letters."""


LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
OTHER_LETTER = re.compile(r"(?![A-Za-zÀ-ɏ])[^\W\d_]")
"""Letters that are not Latin: a script tells what few words do not tell to lid.176."""


@lru_cache(maxsize=8192)
def identify(text: str) -> tuple[str | None, float]:
    """The most likely language of a text (ISO 639-1 where there is one), and its probability."""
    line = " ".join(text[:LONGEST].split())
    found = scorer(None, ())(pa.array([line], pa.large_string()), 1)
    return found["top1"][0].as_py(), found["top1_score"][0].as_py() or 0.0


def language_of(declared: str | None, text: str) -> str:
    """What the payload declares, else what its text looks like; empty where nothing can be said."""
    return declared or identify(text)[0] or ""


class LanguageGate(EachSummary):
    """Rejects answers in another language than the payload's."""

    name = "language"

    def __init__(self, min_score: float) -> None:
        self._min_score = min_score

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the probability of the other language; 0 where it is the payload's."""
        expected = language_of(sample.payload.language, sample.source)
        found, score = identify(sample.text)
        bound = f"{expected}, or another below {self._min_score:g}"
        if _other_script(sample):
            return self.failed(1.0, "letters of the payload's script", "other_script", found or "")
        if found == expected or found is None or score < self._min_score:
            return self.passed(0.0, bound)
        return self.failed(score, bound, "other_language", found)


def _other_script(sample: Summary) -> bool:
    """Whether one of the two is mostly in Latin letters, and the other one without any, or nearly."""
    shares = [_share_of_latin(text) for text in (sample.source, sample.text)]
    return min(shares) < FEW < MOST < max(shares)


def _share_of_latin(text: str) -> float:
    latin, others = len(LATIN.findall(text)), len(OTHER_LETTER.findall(text))
    return latin / (latin + others) if latin + others else (FEW + MOST) / 2
