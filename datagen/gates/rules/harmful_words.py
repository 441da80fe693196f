"""Harmfulness by word lists: a summary must not bring in a bad word (AFM R35)."""

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary
from filters.c4.bad_words import WITHOUT_SPACES, read_lists
from filters.lists import PACKAGED
from filters.word_search import WordSearch

LISTS = PACKAGED / "ldnoobw"
"""The lists of 28 languages that C4 used."""


class HarmfulWordsGate(EachSummary):
    """Rejects summaries with a listed word that the payload does not have. Languages without a list pass.

    A payload's own words are its writer's: whether the summary should repeat them is for `harm_judge`.
    """

    name = "harmful_words"

    def __init__(self) -> None:
        self._searches = {
            code: WordSearch((), entries) if code in WITHOUT_SPACES else WordSearch(entries, ())
            for code, entries in read_lists(LISTS).items()
        }

    def verdict(self, sample: Summary) -> Verdict:
        """The score is how many listed words the summary brings in."""
        bound = "0 listed words that the payload lacks"
        search = self._searches.get(language_of(sample.payload.language, sample.source))
        if search is None:
            return self.passed(0, bound)
        there = {match.entry for match in search.matches(sample.source.lower())}
        found = [match.entry for match in search.matches(sample.text.lower()) if match.entry not in there]
        if found:
            return self.failed(len(found), bound, "harmful_word_not_in_payload", found[0])
        return self.passed(0, bound)
