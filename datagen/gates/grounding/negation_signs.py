"""What speaks for and against a denial in a summary: signs of one clause, as numbers."""

import re
from collections.abc import Mapping

from spacy.tokens import Doc, Token

from datagen.gates.grounding.clauses import NEGATIONS, Clause, is_content
from datagen.gates.grounding.evidence import Evidence, stem
from datagen.gates.grounding.support import TELLING
from datagen.gates.text import word_set

DENIES = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|\w+n['’]t|nope|nah|idk|dunno|barely|hardly|can['’]t|"
    r"(?:do|did|does|is|are|was|were|wo|ca|have|has|had|should|would|could|ai)nt|don|didn|doesn|isn|aren|wasn|won)\b",
    re.IGNORECASE,
)
"""Words that deny, also as chats write them."""
HINTS = re.compile(
    r"\b(?:refus\w*|fail\w*|unable|stop\w*|hat(?:e|es|ed)|dislike\w*|cancel\w*|forg[eo]t\w*|los[et]\w*|miss\w*|lack\w*|"
    r"avoid\w*|wrong|impossible|hard|difficult\w*|too|only|but|instead|rather|unfortunately|sorry|afraid|however|bad|"
    r"worse|worst|problem\w*|trouble\w*|decline\w*|reject\w*|den(?:y|ied)|un\w{4,}|in(?:ability|correct|complete)|dis\w{4,}|"
    r"against|except|yet|doubt\w*|ban\w*|broke\w*|late|empty|full|expensive|less|few|little|rarely|away|off|out|pass|skip\w*|wait\w*|busy|tired|bor(?:ed|ing)|closed?)\b",
    re.IGNORECASE,
)
"""Words that a denial may sum up: "the tickets are sold out" is "they cannot go"."""
LIMITS = word_set("any anymore anything anyone either yet enough much ever anybody anywhere until longer many even")
"""Words that like to stand with a denial."""
CONTRAST = word_set("but though although however while")
CAUSE = word_set("because so since as that why")
STATES = word_set("have want know like think go can do")
"""Verbs that are often denied."""
ABLE, WILLING = word_set("can could ca cannot"), word_set("will would wo")
"""What people often deny in a summary where they gave only the reason: "I'm busy" is "she can't come"."""
NEAR, FAR = 6, 12
"""Words: how far back a denial reaches, and what counts as far."""
FIRST = 3
"""Sentences that fit a clause best."""


def signs(clause: Clause, doc: Doc, payload: Evidence) -> Mapping[str, float]:
    """The signs of a clause of ``doc``; all are 0 to 1, or about that."""
    stems = [stem(token) for token in (*clause.content, *_complement(clause))]
    sentences = payload.sentences
    shares = [payload.share(stems, sentence) if stems else 0.0 for sentence in sentences]
    denies = [bool(DENIES.search(sentence.span.text)) for sentence in sentences]
    hints = [bool(HINTS.search(sentence.span.text)) for sentence in sentences]
    order = sorted(range(len(sentences)), key=lambda at: -shares[at])[:FIRST]
    best = order[0]
    around = [at for at in (best - 1, best + 1) if 0 <= at < len(sentences)]
    denied = max((share for share, said in zip(shares, denies, strict=True) if said), default=0.0)
    affirmed = max((share for share, said in zip(shares, denies, strict=True) if not said), default=0.0)
    distance, behind, verb_denied, verb_there = _distances(clause, set(stems), payload)
    helpers = {child.lemma_ for child in clause.head.children if child.dep_ in ("aux", "auxpass")}
    low = [token.lower_ for token in clause.tokens]
    start = clause.head.left_edge.i
    low_before = low + [token.lower_ for token in doc[max(0, start - 2) : start]]
    lemma = clause.head.lemma_
    return {
        "fit": shares[best],
        "best_denies": float(denies[best]),
        "best_hints": float(hints[best]),
        "neighbour_denies": float(any(denies[at] for at in around)),
        "neighbour_hints": float(any(hints[at] for at in around)),
        "first_deny": float(any(denies[at] and shares[at] > 0 for at in order)),
        "denied_more": denied - affirmed,
        "denied_fit": denied,
        "distance": min(distance, FAR) / FAR,
        "behind": min(behind, NEAR + 1) / (NEAR + 1),
        "affirmed_here": _affirmed_here(clause, payload),
        "verb_denied": float(verb_denied),
        "verb_there": min(verb_there, 3) / 3,
        "denials": sum(denies) / len(denies),
        "hints": sum(hints) / len(hints),
        "answers_no": min(3, sum(s.span.text.lower().startswith(("no", "not ", "nah", "never")) for s in sentences))
        / 3,
        "telling": float(lemma in TELLING),
        "being": float(lemma == "be"),
        "state": float(lemma in STATES),
        "able": float(not helpers.isdisjoint(ABLE)),
        "willing": float(lemma == "want" or not helpers.isdisjoint(WILLING)),
        "main": float(clause.head.dep_ == "ROOT"),
        "joined": float(clause.head.dep_ == "conj"),
        "limits": float(any(word in LIMITS for word in low)),
        "contrast": float(any(word in CONTRAST for word in low_before)),
        "cause": float(any(word in CAUSE for word in low_before)),
        "other_word": float(any(word in ("no", "without", "never", "nothing") for word in low)),
    }


def _complement(clause: Clause) -> tuple[Token, ...]:
    """The content words of the clauses that its verb is about: of "has not decided to go to the sea" go and sea."""
    own = {token.i for token in clause.tokens}
    inner = (child for child in clause.head.children if child.dep_ in ("xcomp", "ccomp"))
    return tuple(
        token
        for child in inner
        for token in child.subtree
        if token.i not in own and is_content(token) and token.pos_ != "PROPN"
    )


def _affirmed_here(clause: Clause, payload: Evidence) -> float:
    """The largest share of the clause's words near its verb in the payload, where nothing denies them; 0 to 1."""
    stems = {stem(token) for token in clause.content} - {stem(clause.head)}
    best = 0.0
    for sentence in payload.sentences:
        span = sentence.span
        for token in span:
            if token.lemma_ != clause.head.lemma_:
                continue
            near = span[max(0, token.i - span.start - NEAR) : token.i - span.start + FAR]
            if not DENIES.search(near.text) and "?" not in near.text:
                found = {stem(other) for other in near}
                best = max(best, (1 + len(stems & found)) / (1 + len(stems)))
    return best


def _distances(clause: Clause, stems: set[str], payload: Evidence) -> tuple[int, int, bool, int]:
    """Words between a denial and the clause's words in the payload; the same, denial first; whether its verb is denied;
    how often the verb is there."""
    distance, behind, verb_denied, verb_there = FAR, NEAR + 1, False, 0
    for sentence in payload.sentences:
        denials = [t.i for t in sentence.span if t.lower_ in NEGATIONS or DENIES.fullmatch(t.text)]
        for token in sentence.span:
            is_verb = token.lemma_ == clause.head.lemma_
            verb_there += is_verb
            if not is_verb and stem(token) not in stems:
                continue
            verb_denied |= is_verb and bool(denials)
            for at in denials:
                distance = min(distance, abs(token.i - at))
                if 0 < token.i - at <= NEAR:
                    behind = min(behind, token.i - at)
    return distance, behind, verb_denied, verb_there
