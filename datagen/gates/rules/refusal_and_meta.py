"""Refusals, and talk about the task instead of the content."""

import re
from collections.abc import Sequence

from spacy.lang.en.stop_words import STOP_WORDS

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.rules.copied_span import copied_words
from datagen.gates.text import words
from datagen.payloads.render import render
from datagen.products.summary import Summary
from schemas.summaries.example import Example

REFUSAL = re.compile(
    r"^(?:i['’]?m (?:sorry|afraid|unable|not able)|sorry,? (?:but )?i\b|i (?:cannot|can['’]?t|am unable to|am"
    r" not able to|won['’]?t be able)"
    r"|unfortunately,? i\b)|\bas an? (?:ai|artificial intelligence|language model|virtual assistant)\b"
    r"|\bi (?:don['’]?t|do not) have (?:access|enough|the ability)\b"
    r"|\b(?:no|not enough|insufficient) (?:content|text|information|context) (?:was |is |were |has been"
    r" )?(?:provided|given|to summari[sz]e)\b"
    r"|^(?:es tut mir leid|je suis désolé|lo siento|mi dispiace|desculpe)\b",
    re.IGNORECASE,
)
META = re.compile(
    r"^(?:here (?:is|are|['’]s)|here['’]s|sure\b|certainly\b|of course\b|okay,|absolutely\b|summary:|in"
    r" summary\b|to summari[sz]e\b"
    r"|the following (?:is|are)\b)"
    r"|\b(?:this|the|these) (?:e-?mail|message|conversation|dialog(?:ue)?|chat|thread|text|article"
    r"|notification|document|content|transcript|passage|summary)s?"
    r" (?:thread |chain )?(?:is|are|was|were) (?:about|regarding|a (?:summary|discussion|conversation))\b"
    r"|^(?:this|the|these) (?:e-?mail|message|conversation|dialog(?:ue)?|chat|thread|text|article"
    r"|notification|document|content|transcript|passage|summary)s?"
    r" (?:thread |chain )?(?:discuss|describ|summari[sz]|contain|provid|talk|outlin|mention|concern|cover"
    r"|explain|detail|appear|seem)\w*\b"
    r"|^(?:an? |the |this )?(?:e-?mail|message|conversation|chat|notification)s?"
    r" (?:to|from|for|with|between|about|regarding)\b"
    r"|^(?:the|its) (?:(?:main|key|central) (?:point|idea|message|topic|theme|subject)|gist|takeaway)\b"
    r"|\b(?:in|of) \d+ words\b|\bthe (?:summary|user|prompt|instructions?) (?:is|are|should|must|asks?|says?"
    r"|above|below)\b"
    r"|</?content>|\blet me know if\b|\bhope this helps\b|\bdiese (?:e-mail|nachricht) (?:handelt|geht)\b"
    r"|\bcet (?:e-mail|email|message|article) (?:parle|traite)\b|\beste (?:correo|mensaje) (?:trata|habla)\b",
    re.IGNORECASE,
)


EXAMPLE_WORDS = 3
"""So many words in a row that an example has are taken from there, if the payload lacks one that carries meaning."""
ASKED_WORDS, ASKED_SHARE = 3, 0.6
"""An answer is the instruction again, where so much of it stands there in runs of so many words."""


class RefusalAndMetaGate(EachSummary):
    """Rejects answers that refuse, talk about themselves or the payload as a thing, or say the instruction again or
    what an example says."""

    name = "refusal_and_meta"

    def __init__(self, examples: Sequence[Example] = ()) -> None:
        """``examples`` are those that the teacher was shown."""
        texts = [text for example in examples for text in (render(example.payload), *example.texts())]
        self._shown = {span for text in texts for span in _spans(_lower(text))}

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of such phrases."""
        # What the reader might write back may well begin with "Sorry, I" or "Sure".
        patterns = [] if sample.product.form == "replies" else [(REFUSAL, "refusal"), (META, "meta_talk")]
        bound = "no refusal, no talk about the task"
        for text in sample.answer.texts():
            if _is_instruction(text, sample):
                return self.failed(1, bound, "instruction_again", text)
            if span := self._from_example(text, sample):
                return self.failed(1, bound, "example_again", span)
            for pattern, reason in patterns:
                found = pattern.search(text.strip())
                if found:
                    return self.failed(1, bound, reason, found[0])
        return self.passed(0, bound)

    def _from_example(self, text: str, sample: Summary) -> str:
        """The first words of the answer that come from an example; empty: none do."""
        known = STOP_WORDS.union(_lower(sample.source))
        taken = (span for span in _spans(_lower(text)) if span in self._shown and not known.issuperset(span))
        return " ".join(next(taken, ()))


def _lower(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in words(text))


def _spans(said: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [said[at : at + EXAMPLE_WORDS] for at in range(len(said) - EXAMPLE_WORDS + 1)]


def _is_instruction(text: str, sample: Summary) -> bool:
    said, asked = _lower(text), _lower(sample.instruction)
    return sum(copied_words(said, asked, ASKED_WORDS)) > ASKED_SHARE * len(said)
