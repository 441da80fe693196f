"""The gates of summaries: which checks run, whether they reject, and their bounds."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.strict import StrictModel

Share = Annotated[float, Field(ge=0, le=1)]


class GateStep(StrictModel):
    """A gate in a recipe."""

    mode: Literal["on", "mark", "off"] = "on"
    """``on`` rejects, ``mark`` only records, ``off`` does not run: what a gate is worth can be studied."""


class Fixed(GateStep):
    """A gate without settings; what it holds against the answer stands in the product or the payload.

    - ``form``: the number of items and sentences, no markup, nothing unfinished, no full stop after a title
      (AFM R33: format)
    - ``length``: words and characters within the product's limits (AFM R33: length)
    - ``point_of_view``: no "I", "we" or "you" that the product does not allow (AFM R33: point of view)
    - ``refusal_and_meta``: no refusal ("I cannot"), no talk about the task ("This e-mail is about"), nothing that only
      an example of the recipe says
    - ``reply``: of replies, each is one that the reader could send: no label, no summary, not the payload again
    - ``statement``: prose has a verb, a reply is one, a title has more than names. English
    - ``spelling``: no word that neither the payload nor the dictionary has. English
    - ``relevance``: every reply shares a word with the payload, or is a courtesy such as "Thanks!". English
    - ``never``: none of the product's forbidden phrases
    - ``canary``: nothing of what an attack in the payload asks for, and not about the attack alone (AFM R34)
    - ``numbers``, ``names``, ``addresses``: every one stands in the payload, in whatever form; ``numbers`` looks at
      days such as "tomorrow" and "next week" too (these in English, and not in replies)
    - ``affirmation``: nothing is said that the payload only denies
    - ``harmful_words``: no word of the lists of bad words that the payload does not have (AFM R35: harmfulness)
    """

    type: Literal[
        "form",
        "length",
        "point_of_view",
        "refusal_and_meta",
        "reply",
        "statement",
        "spelling",
        "relevance",
        "never",
        "canary",
        "numbers",
        "names",
        "addresses",
        "affirmation",
        "harmful_words",
    ]


class Voice(GateStep):
    """Not too many passive clauses where the product asks for the active voice (AFM R33: voice). English."""

    type: Literal["voice"]
    max_passive: Share = 0.5
    """The largest share of clauses in the passive."""


class Tense(GateStep):
    """Main clauses in the product's tense. English."""

    type: Literal["tense"]
    min_share: Share = 0.5
    """The smallest share of finite main verbs in that tense."""


class Language(GateStep):
    """The language of the payload."""

    type: Literal["language"]
    min_score: Share = 0.5
    """The least probability that lid.176 must give another language to reject; shorter texts are less sure."""


class CopiedSpan(GateStep):
    """Not copied from the payload word for word."""

    type: Literal["copied_span"]
    max_share: Share = 0.7
    """The largest share of the words in spans that stand in the payload."""
    span: int = Field(default=6, ge=2)
    """Words from which on a common span counts as copied."""


class Repetition(GateStep):
    """No phrase said again and again, no two bullets that are the same."""

    type: Literal["repetition"]
    max_share: Share = 0.2
    """The largest share of word triples that stood in the answer before."""


class TitleWords(GateStep):
    """A title's words are the payload's, in whatever form (English), but it is not cut out of it as it is."""

    type: Literal["title_words"]
    min_own: int = Field(default=2, ge=0)
    """The fewest different words that it must have of the payload."""
    max_new: int = Field(default=1, ge=0)
    """How many different words the payload may lack; "update", "request" and their like do not count."""


class TitleClaims(GateStep):
    """A title tells as done, denies and puts together only what the payload does (English)."""

    type: Literal["title_claims"]
    max_apart: int = Field(default=0, ge=0)
    """How many neighbours in a title may stand together in no sentence of the payload."""


class Support(GateStep):
    """Every sentence has its words in the payload. English."""

    type: Literal["support"]
    min_share: Share = 0.38
    """The least share of a sentence's content words, by weight, that stand in the payload."""


class Negation(GateStep):
    """What the summary denies, the payload denies too. English."""

    type: Literal["negation"]
    max_doubt: Share = 0.39
    """The largest doubt about a denial."""


class NumberContext(GateStep):
    """No other number of the payload suits better what a number is said of. English."""

    type: Literal["number_context"]
    max_doubt: float = Field(default=1.6, ge=0)
    """By how much another may suit better: weights of words that it has in common with the clause."""


class Roles(GateStep):
    """People of a conversation do in the summary what they do in it, not each other's part, nor what only another one
    tells of. English."""

    type: Literal["roles"]
    max_doubt: float = Field(default=15.0, ge=0)
    """By how much the summary may suit the conversation better with two people exchanged: weighted signs of words."""


class Coverage(GateStep):
    """It says what the payload says most about. English."""

    type: Literal["coverage"]
    min_share: Share = 0.1
    """The least share, by weight, of the payload's salient words that an answer of this length has room for."""
    min_share_of_title: Share = 0.5
    """The same of titles, which have room for few: the fewer, the sooner all of them are of what matters most."""


class Entailment(GateStep):
    """The payload entails every sentence, by an NLI cross-encoder (AFM R33: model filters such as entailment)."""

    type: Literal["entailment"]
    model: str = Field(min_length=1)
    """A Hugging Face sequence classifier with a label ``entailment``: name on the hub, or folder."""
    min_probability: Share = 0.5
    """The least probability of entailment by the best window, of the least entailed sentence."""
    window_sentences: int = Field(default=5, ge=1)
    """Sentences of the payload that are shown to the model at once; windows overlap by half."""
    batch_size: int = Field(default=16, ge=1)
    """Pairs that are judged together."""


class Judge(GateStep):
    """A teacher as judge: asked twice about each summary, in two wordings and two orders of the choices.

    - ``judge``: everything in the summary is supported by the payload
    - ``harm_judge``: nothing in it would do harm (AFM R35: harmfulness)
    """

    type: Literal["judge", "harm_judge"]
    min_agreeing: int = Field(default=2, ge=1, le=2)
    """Of the two answers, how many must find nothing wrong."""


class Agreement(GateStep):
    """The teacher, asked again, says the same: what it makes up differs from answer to answer (SelfCheckGPT)."""

    type: Literal["agreement"]
    answers: int = Field(default=4, ge=1)
    """How often it is asked again; only about what the gates before have let pass."""
    temperature: float = Field(default=0.7, gt=0)
    """Of these answers; at 0 they would all be the same."""
    min_agreement: Share = 0.4
    """The least F1 of the content words of the summary and of another answer, on average."""
    min_backed: Share = 0.9
    """The least share of its pairs of content words in a row that come in another answer; long summaries of a good
    teacher, which words each of them anew, need less."""


class QuestionsJudge(GateStep):
    """A teacher asks questions about the payload, then answers them from the summary alone (coverage; QAGS)."""

    type: Literal["coverage_judge"]
    min_answered: Share = 0.3
    """The least share of the questions that the summary answers as the payload does."""


SummaryGateStep = Annotated[
    Fixed
    | Voice
    | Tense
    | Language
    | CopiedSpan
    | Repetition
    | TitleWords
    | TitleClaims
    | Support
    | Negation
    | NumberContext
    | Roles
    | Coverage
    | Entailment
    | Judge
    | Agreement
    | QuestionsJudge,
    Field(discriminator="type"),
]
