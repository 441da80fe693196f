"""Agreement: whether the teacher, asked again, says the same. What it makes up differs from one answer to the next.

Self-consistency as in SelfCheckGPT (arXiv:2303.08896), by words that carry meaning instead of a model: one by one, and
in pairs, since what makes things up joins the payload's own words to something that it does not say.
"""

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel
from spacy.tokens import Token

from datagen.gates.gate import Cost, Verdict
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import stem
from datagen.products.guide import ROOM, guiding_schema, longest_answer
from datagen.products.summary import Summary
from datagen.products.wording import teacher_messages
from datagen.query import Ask, Query
from schemas.generation.request import Sampling
from schemas.summaries.answers import Answer, PriorityAnswer, answer_form
from schemas.summaries.example import Example

FIRST_SAMPLE = 1_000
"""Samples of a prompt have lower numbers: no answer is held against itself."""
SHOWN = 2
"""Other answers in the detail of a rejection."""


class AgreementGate:
    """Asks the teacher the same some times more, and rejects what the answers do not agree with."""

    name = "agreement"
    cost: Cost = "teacher"

    def __init__(
        self,
        ask: Ask,
        english: English,
        examples: Sequence[Example],
        *,
        sampling: Sampling,
        answers: int,
        temperature: float,
        min_agreement: float,
        min_backed: float,
    ) -> None:
        """``examples`` and ``sampling`` are those with which the teacher was asked before."""
        self._ask, self._english, self._examples, self._sampling = ask, english, examples, sampling
        self._answers, self._temperature = answers, temperature
        self._min, self._min_backed = min_agreement, min_backed

    def judge(self, samples: Sequence[Summary]) -> list[Verdict]:
        """One verdict a summary; the score is the mean F1 of the stems of its content words and those of each other
        answer. With an answer of another priority, and with none, nothing agrees."""
        given = self._ask([self._again(sample, number) for sample in samples for number in range(self._answers)])
        count = self._answers
        return [self._verdict(sample, given[row * count : (row + 1) * count]) for row, sample in enumerate(samples)]

    def _again(self, sample: Summary, number: int) -> Query:
        product = sample.product
        form = answer_form(product)
        longest = min(self._sampling.max_tokens, ROOM * longest_answer(product))
        return Query(
            messages=teacher_messages(sample.payload, product, self._examples),
            form=form,
            sampling=self._sampling.model_copy(update={"max_tokens": longest, "temperature": self._temperature}),
            schema=guiding_schema(form, product),
            sample=FIRST_SAMPLE + number,
        )

    def _verdict(self, sample: Summary, given: Sequence[BaseModel | None]) -> Verdict:
        bound = f">= {self._min:g} on average with {self._answers} other answers"
        others = [answer for answer in given if isinstance(answer, Answer)]
        if not others:
            return Verdict(self.name, False, 0.0, bound, reason="no_judgement")
        said = self._content(sample.answer)
        agreeing = [self._content(other) for other in others if _level(other) == _level(sample.answer)]
        score = sum(f1(stems(said), stems(other)) for other in agreeing) / len(given)
        if score < self._min:
            shown = " / ".join(other.render() for other in others[:SHOWN])
            return Verdict(self.name, False, score, bound, reason="not_said_again", detail=shown)
        backed, alone = _backing(said, agreeing)
        if backed < self._min_backed:
            bound = f">= {self._min_backed:g} of the pairs of words in another answer"
            return Verdict(self.name, False, backed, bound, reason="pair_said_once", detail=alone)
        return Verdict(self.name, passed=True, score=score, bound=bound)

    def _content(self, answer: Answer) -> list[Token]:
        doc = self._english.read("\n".join(answer.texts()))
        return [token for token in doc if not (token.is_stop or token.is_punct or token.is_space)]


def _backing(said: Sequence[Token], others: Sequence[Sequence[Token]]) -> tuple[float, str]:
    """The share of the pairs of words in a row that another answer has, and the pairs that none has.

    A single word is held against single ones.
    """
    size = min(2, len(said))
    there = {tuple(map(stem, run)) for other in others for run in _runs(other, size)}
    runs = _runs(said, size)
    alone = [run for run in runs if tuple(map(stem, run)) not in there]
    shown = ", ".join(" ".join(token.lower_ for token in run) for run in alone)
    return 1 - len(alone) / len(runs), shown


def _runs(tokens: Sequence[Token], size: int) -> list[Sequence[Token]]:
    return [tokens[at : at + size] for at in range(len(tokens) - size + 1)]


def stems(tokens: Sequence[Token]) -> Counter[str]:
    """The bag of stems of some words."""
    return Counter(stem(token) for token in tokens)


def f1(first: Counter[str], second: Counter[str]) -> float:
    """The harmonic mean of precision and recall of two bags of words; of two empty ones 1."""
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def _level(answer: Answer) -> str | None:
    return answer.priority if isinstance(answer, PriorityAnswer) else None
