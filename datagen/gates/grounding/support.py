"""Support: whether each sentence of a summary has its words in the payload."""

from spacy.tokens import Span, Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import is_content
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import evidence, stem
from datagen.gates.rules.language import language_of
from datagen.gates.text import word_set
from datagen.products.summary import Summary

TELLING = word_set(
    "ask tell say suggest talk invite discuss explain introduce inform recommend describe advise thank remind "
    "offer request show call inquire wonder help share complain express order apologize persuade warn mention "
    "think agree decide feel find like know try plan give buy use believe hope look come see "
    "encourage support refuse accept deny congratulate compliment interview direct comfort praise criticize argue "
    "quarrel chat greet welcome joke admire reply answer respond promise insist compare exchange teach guide instruct "
    "let prefer enjoy love hate consider wish start begin finish stop continue end keep change learn study hear listen "
    "meet visit wait"
)
"""Verbs by which a summary tells what went on; a conversation need not have them."""
FEELINGS = word_set(
    "satisfy satisfied happy angry surprise surprised thrilled pleased upset worry worried sad glad excited annoyed "
    "disappoint disappointed shock shocked amazed interest interested interesting nervous afraid proud confident "
    "curious"
)
"""What people are said to feel where the payload shows it."""
LABELS = word_set(
    "opinion idea view experience situation information detail reason advice problem question topic difference "
    "feeling way conversation discussion news story matter update meeting follow response reminder announcement "
    "schedule note notice minute contact appointment need needed urgent important available new revised final finally "
    "together later first then afterward eventually suggestion"
)
"""What a text is called by whoever sums it up or puts a subject over it."""
ABSTRACT = word_set(
    "location whereabouts appearance background setting "
    "willing willingness taste request summary status agenda document report correction change confirm confirmation "
    "confirmed finalize sensitive statement inquiry notification attachment file list item form progress greeting "
    "greetings invitation arrangement instruction option directions direction place somewhere person hold different "
    "both attitude thought impression answer itinerary recommendation compliment preference purpose requirement "
    "process verification decision choice intention proposal condition relationship procedure usage advantage "
    "disadvantage benefit importance complaint dispute argument disagreement negotiation purchase delivery "
    "availability deadline approval review feedback comment draft version revision upcoming next weekly monthly daily "
    "event session position preparation departure arrival "
    "regard info seek choose achieve provide require include prepare address treat attend understand happen cause "
    "assistance explanation guidance clarification introduction planning consult personality character feature quality "
    "ability career life history attention concern doubt mistake disagree recall fail unable temporarily successfully "
    "deliberately instead possible necessary recent recently previous future soon helpful suitable alternative action "
    "step absence become nearly allegedly somewhat fyi asap"
)
"""What other things are called in short, where the payload shows them; a payload may be about them all the same."""
GENERAL = TELLING | FEELINGS | LABELS
GENERAL_WEIGHT = 0.4
LONGEST, USUAL = 7, 5
"""Letters: longer words are rarer, so that they tell more; a word of `USUAL` letters weighs 1."""
PRIOR, PRIOR_WEIGHT = 1.8, 3.0
"""What a sentence of few words has beforehand: one unknown word alone proves nothing."""


class SupportGate(EachSummary):
    """Rejects summaries with a sentence that the payload hardly has a word of: a clause made up, or from elsewhere.

    English only; others pass. Names are left to `NamesGate`, but for those without a capital, which it does not see.
    """

    name = "support"

    def __init__(self, english: English, min_share: float) -> None:
        self._english, self._min_share = english, min_share

    def verdict(self, sample: Summary) -> Verdict:
        """The score is that of the least supported sentence, 0 to 1."""
        bound = f">= {self._min_share:g} of the words of each sentence"
        if language_of(sample.payload.language, sample.source) != "en":
            return self.passed(1.0, bound)
        said = self._english.payload(sample.payload)
        known = set(evidence(said).weight) | {token.lemma_.lower() for part in said for token in part.doc}
        text = sample.source.lower()
        lowest, worst = 1.0, ""
        for piece in sample.answer.texts():
            for sentence in self._english.read(piece).sents:
                share = support(sentence, known, text)
                if share < lowest:
                    lowest, worst = share, sentence.text.strip()
        if lowest < self._min_share:
            return self.failed(lowest, bound, "clause_not_in_payload", worst)
        return self.passed(lowest, bound)


def support(sentence: Span, known: set[str], text: str) -> float:
    """The share of a sentence's content words that are known stems or lemmas or stand in ``text``, by weight."""
    found = total = 0.0
    for token in sentence:
        small_name = _is_small_name(token)
        if not small_name and (not is_content(token) or token.pos_ == "PROPN"):
            continue
        lemma = token.lemma_.lower()
        length = USUAL if small_name else min(len(lemma), LONGEST)
        weight = length / USUAL * (GENERAL_WEIGHT if lemma in GENERAL | ABSTRACT else 1.0)
        total += weight
        if lemma in known or stem(token) in known or token.lower_ in text:
            found += weight
    return (found + PRIOR) / (total + PRIOR_WEIGHT) if total else 1.0


def _is_small_name(token: Token) -> bool:
    """Whether it is a name, or an abbreviation, without a capital, as in many subject lines: "call from bill reed"."""
    is_word = token.is_alpha and len(token) > 1 and not token.is_stop
    return is_word and token.text.islower() and token.pos_ in ("PROPN", "X")
