"""Coverage by questions: a teacher asks about the payload, then answers from the summary alone (AFM R33).

The summary is good as far as both answers agree. In QAGS (arXiv:2004.04228) the questions come from the summary; asked
about the payload they measure what is left out, as in the recall of QuestEval (arXiv:2103.12693).
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, JsonValue

from datagen.gates.gate import Cost, Verdict
from datagen.gates.models.judge import SYSTEM
from datagen.gates.text import word_set, words
from datagen.products.summary import Summary
from datagen.products.wording import quoted
from datagen.query import LIKELIEST, Ask, Query
from schemas.chat import ChatMessage
from schemas.strict import StrictModel

QUESTIONS = 4
"""Questions about each payload."""
QUESTION, ANSWER = 160, 80
"""Most characters of a question and an answer. They guide decoding only: a small model finds no end by itself."""
ASKING = LIKELIEST.model_copy(update={"max_tokens": 1200})
"""Room for all questions with their answers, a token each character, as a model has it for scripts it knows badly."""
AGREEING = 0.5
"""The F1 of two answers' words from which on they say the same."""
UNKNOWN = "unknown"
ARTICLES = word_set("a an the")
NOT_ANSWERED = re.compile(r"\W*(?:unknown|n/?a|none|not (?:stated|mentioned|given|said))?\W*", re.IGNORECASE)


class Question(StrictModel):
    """A question about a payload, and what the payload answers."""

    question: str = Field(json_schema_extra={"maxLength": QUESTION})
    answer: str = Field(json_schema_extra={"maxLength": ANSWER})


class Questions(StrictModel):
    """What a teacher asks about a payload, the most important thing first."""

    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=QUESTIONS)]


class Answers(StrictModel):
    """What the summary answers, in the order of the questions."""

    answers: Annotated[tuple[str, ...], Field(max_length=QUESTIONS)]


class CoverageJudgeGate:
    """Rejects summaries that leave too many questions about the payload without its answer."""

    name = "coverage_judge"
    cost: Cost = "teacher"

    def __init__(self, ask: Ask, min_answered: float) -> None:
        self._ask, self._min = ask, min_answered

    def judge(self, samples: Sequence[Summary]) -> list[Verdict]:
        """One verdict a summary; the score is the share of questions that it answers. Two rounds of questions."""
        asked = [
            found.questions if isinstance(found, Questions) else ()
            for found in self._ask([Query(ask_about(sample), Questions, ASKING) for sample in samples])
        ]
        open_rows = [row for row, questions in enumerate(asked) if questions]
        answers = self._ask([_answering(samples[row], asked[row]) for row in open_rows])
        given = {
            row: found.answers
            for row, found in zip(open_rows, answers, strict=True)
            if isinstance(found, Answers) and len(found.answers) == len(asked[row])
        }
        return [self._verdict(asked[row], given.get(row)) for row in range(len(samples))]

    def _verdict(self, questions: Sequence[Question], answers: Sequence[str] | None) -> Verdict:
        bound = f">= {self._min:g} of the questions about the payload"
        if answers is None:
            return Verdict(self.name, False, 0.0, bound, reason="no_judgement")
        missed = [q for q, answer in zip(questions, answers, strict=True) if not agree(q.answer, answer)]
        score = 1 - len(missed) / len(questions)
        if score >= self._min:
            return Verdict(self.name, passed=True, score=score, bound=bound)
        detail = " / ".join(question.question for question in missed)
        return Verdict(self.name, False, score, bound, reason="leaves_questions_open", detail=detail)


def ask_about(sample: Summary) -> tuple[ChatMessage, ...]:
    """Asks for questions; the same for every summary of a payload, so that a journalled answer serves them all."""
    user = (
        f"{quoted(sample.payload)}\n\nWrite up to {QUESTIONS} questions that a reader of this content should be able "
        "to answer, the most important first, each with its answer in at most six words of the content. "
        "Answer in JSON."
    )
    return ChatMessage(role="system", content=SYSTEM), ChatMessage(role="user", content=user)


def answer_from(sample: Summary, questions: Sequence[Question]) -> tuple[ChatMessage, ...]:
    """Puts the questions to the summary; the payload is not shown."""
    listed = "\n".join(f"{number}. {question.question}" for number, question in enumerate(questions, 1))
    user = (
        f"<summary>\n{sample}\n</summary>\n\n{listed}\n\nAnswer each question in order, in at most six words, from the "
        f'summary alone; "{UNKNOWN}" where it does not say. Answer in JSON.'
    )
    return ChatMessage(role="system", content=SYSTEM), ChatMessage(role="user", content=user)


def _answering(sample: Summary, questions: Sequence[Question]) -> Query:
    return Query(answer_from(sample, questions), Answers, schema=answers_schema(len(questions)))


def answers_schema(count: int) -> dict[str, JsonValue]:
    """What guides the answers: as many as there are questions, or a small model gives none."""
    answers: JsonValue = {
        "type": "array",
        "items": {"type": "string", "maxLength": ANSWER},
        "minItems": count,
        "maxItems": count,
    }
    return {
        "type": "object",
        "properties": {"answers": answers},
        "required": ["answers"],
        "additionalProperties": False,
    }


def agree(expected: str, answer: str) -> bool:
    """Whether two short answers share enough words, articles left out (SQuAD's F1); "unknown" agrees with nothing."""
    if NOT_ANSWERED.fullmatch(answer):
        return False
    first, second = _bag(expected), _bag(answer)
    common = (first & second).total()
    return bool(common) and 2 * common / (first.total() + second.total()) >= AGREEING


def _bag(text: str) -> Counter[str]:
    return Counter(word for word in (w.lower() for w in words(text)) if word not in ARTICLES)
