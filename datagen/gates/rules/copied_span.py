"""Copying: how much of the answer stands in the payload word for word."""

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.text import words
from datagen.products.summary import Summary


class CopiedSpanGate(EachSummary):
    """Rejects answers that are mostly taken over from the payload."""

    name = "copied_span"

    def __init__(self, max_share: float, span: int) -> None:
        self._max_share, self._span = max_share, span

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the share of the answer's words in copied spans."""
        answer, source = (tuple(w.lower() for w in words(text)) for text in (sample.text, sample.source))
        copied = copied_words(answer, source, self._span)
        share = sum(copied) / len(answer) if answer else 0.0
        bound = f"<= {self._max_share:g} of the words in spans of {self._span}"
        if share > self._max_share:
            shown = " ".join(word for word, is_copied in zip(answer, copied, strict=True) if is_copied)
            return self.failed(share, bound, "copied_from_payload", shown[:120])
        return self.passed(share, bound)


def copied_words(answer: tuple[str, ...], source: tuple[str, ...], span: int) -> list[bool]:
    """Which words of ``answer`` stand in a run of at least ``span`` words that ``source`` has too."""
    known = {source[at : at + span] for at in range(len(source) - span + 1)}
    copied = [False] * len(answer)
    for at in range(len(answer) - span + 1):
        if answer[at : at + span] in known:
            copied[at : at + span] = [True] * span
    return copied
