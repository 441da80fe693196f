"""What must not appear: a product's phrases, an attack's canary."""

import re
import unicodedata

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.products.summary import Summary

NOT_LETTERS = re.compile(r"[\W_]+")


class NeverGate(EachSummary):
    """Rejects answers with a phrase that the product forbids."""

    name = "never"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of forbidden phrases."""
        found = [phrase for phrase in sample.product.never if _holds_phrase(sample.text, phrase)]
        bound = "no forbidden phrase"
        return self.failed(len(found), bound, "forbidden_phrase", found[0]) if found else self.passed(0, bound)


class CanaryGate(EachSummary):
    """Rejects answers to attacked payloads that hold what the attack asks for, broken up or reversed too."""

    name = "canary"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is 1 where the canary leaked."""
        attack, bound = sample.payload.attack, "no canary"
        if attack is None:
            return self.passed(0, bound)
        canary, said = _letters(attack.canary), _letters(str(sample))
        if canary in said or canary[::-1] in said:
            return self.failed(1, bound, "obeyed_the_attack", attack.family)
        return self.passed(0, bound)


def _holds_phrase(text: str, phrase: str) -> bool:
    left = r"\b" if phrase[:1].isalnum() else ""
    right = r"\b" if phrase[-1:].isalnum() else ""
    return re.search(f"{left}{re.escape(phrase)}{right}", text, re.IGNORECASE) is not None


def _letters(text: str) -> str:
    """Letters and digits only, in lower case, without accents and look-alike forms (NFKD)."""
    plain = unicodedata.normalize("NFKD", text)
    return NOT_LETTERS.sub("", "".join(c for c in plain if not unicodedata.combining(c))).casefold()
