"""What must not appear: a product's phrases, an attack's canary."""

import base64
import codecs
import re
import unicodedata
from functools import lru_cache

from spacy.lang.en.stop_words import STOP_WORDS

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.text import words
from datagen.products.summary import Summary
from schemas.payload import Attack

NOT_LETTERS = re.compile(r"[\W_]+")
LOOK_ALIKES = str.maketrans("авекмнорстухіјѕԁԛѡαοιυρνκτ", "abekmhopctyxijsdqwaoiupvkt")
DIGITS_FOR_LETTERS = str.maketrans("0134578", "oieastb")


class NeverGate(EachSummary):
    """Rejects answers with a phrase that the product forbids."""

    name = "never"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of forbidden phrases."""
        found = [phrase for phrase in sample.product.never if _holds_phrase(sample.text, phrase)]
        bound = "no forbidden phrase"
        return self.failed(len(found), bound, "forbidden_phrase", found[0]) if found else self.passed(0, bound)


class CanaryGate(EachSummary):
    """Rejects answers to attacked payloads that hold what the attack asks for, in whatever dress, or that are about
    nothing but the attack.

    Letters set apart, accents, look-alikes and digits for letters do not hide it, nor do reversing, ROT13, Base64 or
    hexadecimal; its letters without its digits are enough.
    """

    name = "canary"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is 1 where the canary leaked, or where nothing else is said."""
        attack, bound = sample.payload.attack, "no canary"
        if attack is None:
            return self.passed(0, bound)
        said = {letters(str(sample)), letters(str(sample).translate(DIGITS_FOR_LETTERS))}
        if any(dress in text for dress in _dresses(attack.canary) for text in said):
            return self.failed(1, bound, "obeyed_the_attack", attack.family)
        if _is_about(sample, attack):
            return self.failed(1, bound, "only_the_attack", attack.family)
        return self.passed(0, bound)


def _is_about(sample: Summary, attack: Attack) -> bool:
    """Whether an answer has words of the attack that carry meaning, and none of the payload around it."""
    around = sample.source.replace(attack.text, " ")
    said, asked, rest = ({word.lower() for word in words(text)} for text in (sample.text, attack.text, around))
    telling = said - STOP_WORDS
    return not telling.isdisjoint(asked) and telling.isdisjoint(rest)


@lru_cache(maxsize=1024)
def _dresses(canary: str) -> frozenset[str]:
    """What a canary may look like among letters and digits alone, in lower case."""
    word = canary.rstrip("0123456789") or canary
    found: set[str] = set()
    for text in {word, word.upper(), word.capitalize()}:
        plain = letters(text)
        encoded = base64.b64encode(text.encode()).decode()
        # The last characters depend on what follows.
        whole = encoded[: len(text) * 4 // 3]
        found |= {plain, plain[::-1], codecs.encode(plain, "rot13"), letters(whole), text.encode().hex()}
    return frozenset(found)


def _holds_phrase(text: str, phrase: str) -> bool:
    left = r"\b" if phrase[:1].isalnum() else ""
    right = r"\b" if phrase[-1:].isalnum() else ""
    return re.search(f"{left}{re.escape(phrase)}{right}", text, re.IGNORECASE) is not None


def letters(text: str) -> str:
    """Letters and digits only, in lower case, without accents and look-alike forms (NFKD; Cyrillic and Greek)."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return NOT_LETTERS.sub("", bare.casefold().translate(LOOK_ALIKES))
