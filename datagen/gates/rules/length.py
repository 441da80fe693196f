"""Length in words and characters (AFM R33)."""

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.text import words
from datagen.products.summary import Summary


class LengthGate(EachSummary):
    """Rejects answers outside the product's limits; of replies each must keep them."""

    name = "length"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of words, or of characters where those are wrong."""
        product = sample.product
        texts = sample.answer.texts() if product.form == "replies" else (sample.text,)
        in_words, in_characters = f"{product.words.describe()} words", f"{product.characters.describe()} characters"
        count = 0
        for text in texts:
            count = len(words(text))
            if not product.words.holds(count):
                return self.failed(count, in_words, "too_short" if count < product.words.min else "too_long")
            if not product.characters.holds(len(text)):
                reason = "too_few_characters" if len(text) < product.characters.min else "too_many_characters"
                return self.failed(len(text), in_characters, reason)
        return self.passed(count, in_words)
