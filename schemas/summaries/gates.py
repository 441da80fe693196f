"""The gates of summaries: which checks run, whether they reject, and their bounds."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.strict import StrictModel


class GateStep(StrictModel):
    """A gate in a recipe."""

    mode: Literal["on", "mark", "off"] = "on"
    """``on`` rejects, ``mark`` only records, ``off`` does not run: what a gate is worth can be studied."""


class Form(GateStep):
    """The number of items and sentences, no markup, no full stop after a title (AFM R33: format)."""

    type: Literal["form"] = "form"


class Length(GateStep):
    """Words and characters within the product's limits (AFM R33: length)."""

    type: Literal["length"] = "length"


class PointOfView(GateStep):
    """No "I", "we" or "you" that the product does not allow (AFM R33: point of view). English; others pass."""

    type: Literal["point_of_view"] = "point_of_view"


class Voice(GateStep):
    """Not too many passive clauses where the product asks for the active voice (AFM R33: voice). English."""

    type: Literal["voice"] = "voice"
    max_passive: float = Field(default=0.5, ge=0, le=1)
    """The largest share of clauses in the passive."""


class Tense(GateStep):
    """Main clauses in the product's tense. English."""

    type: Literal["tense"] = "tense"
    min_share: float = Field(default=0.5, ge=0, le=1)
    """The smallest share of finite main verbs in that tense."""


class Language(GateStep):
    """The language of the payload."""

    type: Literal["language"] = "language"
    min_score: float = Field(default=0.5, ge=0, le=1)
    """The least probability that lid.176 must give another language to reject; shorter texts are less sure."""


class CopiedSpan(GateStep):
    """Not copied from the payload word for word."""

    type: Literal["copied_span"] = "copied_span"
    max_share: float = Field(default=0.7, ge=0, le=1)
    """The largest share of the words in spans that stand in the payload."""
    span: int = Field(default=6, ge=2)
    """Words from which on a common span counts as copied."""


class Repetition(GateStep):
    """No phrase said again and again, no two bullets that are the same."""

    type: Literal["repetition"] = "repetition"
    max_share: float = Field(default=0.2, ge=0, le=1)
    """The largest share of word triples that stood in the answer before."""


class RefusalAndMeta(GateStep):
    """No refusal ("I cannot"), no talk about the task ("This e-mail is about", "Here is a summary")."""

    type: Literal["refusal_and_meta"] = "refusal_and_meta"


class Never(GateStep):
    """None of the product's forbidden phrases."""

    type: Literal["never"] = "never"


class Canary(GateStep):
    """Nothing of what an attack in the payload asks for (AFM R34)."""

    type: Literal["canary"] = "canary"


class Numbers(GateStep):
    """Every number, amount, date and time stands in the payload, in whatever form."""

    type: Literal["numbers"] = "numbers"


class Names(GateStep):
    """Every name stands in the payload."""

    type: Literal["names"] = "names"


class Addresses(GateStep):
    """Every URL, e-mail address and telephone number stands in the payload."""

    type: Literal["addresses"] = "addresses"


class Support(GateStep):
    """Every sentence has its words in the payload. English."""

    type: Literal["support"] = "support"
    min_share: float = Field(default=0.31, ge=0, le=1)
    """The least share of a sentence's content words, by weight, that stand in the payload."""


class Negation(GateStep):
    """What the summary denies, the payload denies too. English."""

    type: Literal["negation"] = "negation"
    max_doubt: float = Field(default=0.3, ge=0, le=1)
    """The largest doubt about a denial."""


class Entailment(GateStep):
    """The payload entails every sentence, by an NLI cross-encoder (AFM R33: model filters such as entailment)."""

    type: Literal["entailment"] = "entailment"
    model: str = Field(min_length=1)
    """A Hugging Face sequence classifier with a label ``entailment``: name on the hub, or folder."""
    min_probability: float = Field(default=0.5, ge=0, le=1)
    """The least probability of entailment by the best window, of the least entailed sentence."""
    window_sentences: int = Field(default=5, ge=1)
    """Sentences of the payload that are shown to the model at once; windows overlap by half."""
    batch_size: int = Field(default=16, ge=1)
    """Pairs that are judged together."""


class Judge(GateStep):
    """A teacher as judge: asked twice about each summary, in two wordings and two orders of the choices."""

    type: Literal["judge"] = "judge"
    min_agreeing: int = Field(default=2, ge=1, le=2)
    """Of the two answers, how many must find it faithful."""


SummaryGateStep = Annotated[
    Form
    | Length
    | PointOfView
    | Voice
    | Tense
    | Language
    | CopiedSpan
    | Repetition
    | RefusalAndMeta
    | Never
    | Canary
    | Numbers
    | Names
    | Addresses
    | Support
    | Negation
    | Entailment
    | Judge,
    Field(discriminator="type"),
]
