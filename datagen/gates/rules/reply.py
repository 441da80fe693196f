"""Replies: each must be something that the reader could send back, not a summary, a label or the payload again."""

import re

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.rules.copied_span import copied_words
from datagen.gates.text import words
from datagen.products.summary import Summary

LABEL = re.compile(r"^(?:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)?|(?:re)?ply(?: \d+)?|option \d+|answer) ?: ", re.IGNORECASE)
"""Who says it: ``Ann: `` or ``Reply 1: ``."""
ABOUT = re.compile(
    r"^(?:the|this) (?:sender|writer|author|user|person|speaker|reader|e-?mail|message|conversation|dialog(?:ue)?|chat"
    r"|text|content)\b",
    re.IGNORECASE,
)
"""The beginning of a summary."""
AGAIN_WORDS, AGAIN_SHARE = 3, 0.6
"""A reply is the payload again, where so much of it stands there in runs of so many words."""


class ReplyGate(EachSummary):
    """Rejects replies that are none: labelled, told of the sender as of a third person, or taken from the payload."""

    name = "reply"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of such replies."""
        bound = "0 that nobody would send"
        if sample.product.form != "replies":
            return self.passed(0, bound)
        found = [(reason, reply) for reply in sample.answer.texts() if (reason := _fault(reply, sample))]
        return self.failed(len(found), bound, *found[0]) if found else self.passed(0, bound)


def _fault(reply: str, sample: Summary) -> str:
    if LABEL.match(reply):
        return "label_before_reply"
    if ABOUT.match(reply) or any(_tells_of(part.sender, reply) for part in sample.payload.parts if part.sender):
        return "summary_instead_of_reply"
    said, source = (tuple(word.lower() for word in words(text)) for text in (reply, sample.source))
    copied = copied_words(said, source, AGAIN_WORDS)
    return "payload_instead_of_reply" if sum(copied) >= AGAIN_SHARE * max(1, len(said)) else ""


def _tells_of(sender: str, reply: str) -> bool:
    """Whether a reply begins with the sender's name and goes on with small letters: "Ann wants", not "Ann, I want"."""
    return re.match(rf"{re.escape(sender)} (?!and I\b)[a-z]", reply) is not None
