"""The rules and signals of the parts that look at a whole corpus, for the page of rules."""

from schemas.contamination import RULE
from schemas.contamination import SIGNALS as CONTAMINATION_SIGNALS
from schemas.contamination import SOURCE as AFM
from schemas.duplicate import LEE, LINES, NAMESPACE, SUBSTRINGS
from schemas.recipe.decontaminate import Decontaminate
from schemas.recipe.deduplicate import Deduplicate
from schemas.reference_rows import Family, Row, purpose_of
from schemas.signals import Signal

BRODER = "Broder 1997, doi 10.1109/SEQUEN.1997.666900"
COPIES = (
    ("url", "documents", "another capture of the same address is kept", "RFC 3986, canonical form"),
    ("text", "documents", "a document with the same text, normalised, is kept", "AFM R8"),
    ("minhash", "Jaccard", "similarity with a document of the same cluster, of which one is kept", BRODER),
)
LEFT = "words left after the {what} that other documents have were cut; at least `min_words_left`"


def corpus_families() -> list[Family]:
    """Deduplication and decontamination, in the order in which they run."""
    return [_duplicates(), _contamination()]


def _duplicates() -> Family:
    copies = [_rule(name, unit, None, meaning, source) for name, unit, meaning, source in COPIES]
    cuts = [
        _rule("lines", "words", None, LEFT.format(what="lines"), "C4"),
        _rule("substrings", "words", None, LEFT.format(what="passages"), LEE),
    ]
    signals = [_signal(NAMESPACE, signal) for signal in (*LINES, *SUBSTRINGS)]
    return Family("deduplicate", purpose_of(Deduplicate), (*copies, *cuts, *signals))


def _contamination() -> Family:
    space = RULE.partition(".")[0]
    rows = [_signal(space, signal) for signal in CONTAMINATION_SIGNALS]
    rule = Row(RULE, rows[0].unit, is_rule=True, bound="<= 0", meaning=rows[0].meaning, source=AFM)
    return Family("decontaminate", purpose_of(Decontaminate), (rule, *rows[1:]))


def _rule(name: str, unit: str, bound: str | None, meaning: str, source: str) -> Row:
    return Row(f"{NAMESPACE}.{name}", unit, is_rule=True, bound=bound, meaning=meaning, source=source)


def _signal(space: str, signal: Signal) -> Row:
    return Row(
        f"{space}.{signal.name}", signal.unit, is_rule=False, bound=None, meaning=signal.meaning, source=signal.source
    )
