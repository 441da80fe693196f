"""The gates of a recipe, made ready."""

from collections.abc import Callable, Mapping
from functools import cached_property

from datagen.gates.gate import Gate
from datagen.gates.grounding.addresses import AddressesGate
from datagen.gates.grounding.affirmation import AffirmationGate
from datagen.gates.grounding.coverage import CoverageGate
from datagen.gates.grounding.english import English
from datagen.gates.grounding.names import NamesGate
from datagen.gates.grounding.negation import NegationGate
from datagen.gates.grounding.number_context import NumberContextGate
from datagen.gates.grounding.numbers import NumbersGate
from datagen.gates.grounding.relevance import RelevanceGate
from datagen.gates.grounding.roles import RolesGate
from datagen.gates.grounding.statement import StatementGate
from datagen.gates.grounding.support import SupportGate
from datagen.gates.grounding.title_claims import TitleClaimsGate
from datagen.gates.grounding.title_words import TitleWordsGate
from datagen.gates.models.agreement import AgreementGate
from datagen.gates.models.coverage_judge import CoverageJudgeGate
from datagen.gates.models.judge import MATTERS, JudgeGate
from datagen.gates.rules.copied_span import CopiedSpanGate
from datagen.gates.rules.form import FormGate
from datagen.gates.rules.harmful_words import HarmfulWordsGate
from datagen.gates.rules.language import LanguageGate
from datagen.gates.rules.length import LengthGate
from datagen.gates.rules.never import CanaryGate, NeverGate
from datagen.gates.rules.point_of_view import PointOfViewGate
from datagen.gates.rules.refusal_and_meta import RefusalAndMetaGate
from datagen.gates.rules.repetition import RepetitionGate
from datagen.gates.rules.reply import ReplyGate
from datagen.gates.rules.spelling import SpellingGate
from datagen.gates.rules.verbs import TenseGate, VoiceGate
from datagen.gates.run import GateSetting
from datagen.products.summary import Summary
from datagen.query import Ask
from schemas.summaries import gates as steps
from schemas.summaries.recipe import SummariesRecipe


class JudgeMissing(ValueError):
    """A recipe has a judge, and no teacher was given to be it."""


def summary_gates(recipe: SummariesRecipe, ask: Ask | None = None) -> list[GateSetting[Summary]]:
    """The recipe's gates in its order, without those that are off. ``ask`` puts questions to the judging teacher.

    Raises JudgeMissing, PipelineMissing (no spaCy pipeline) or OSError (no NLI model).
    """
    shared = _Shared(recipe, ask)
    return [GateSetting(_MAKERS[step.type](step, shared), step.mode) for step in recipe.gates if step.mode != "off"]


class _Shared:
    """What several gates share: loaded once, and only if one needs it."""

    def __init__(self, recipe: SummariesRecipe, ask: Ask | None) -> None:
        self.examples, self.sampling = recipe.examples, recipe.sampling
        self._pipeline, self._ask = recipe.language_pipeline, ask

    @cached_property
    def english(self) -> English:
        """The spaCy pipeline."""
        return English(self._pipeline)

    @property
    def ask(self) -> Ask:
        """The judging teacher."""
        if self._ask is None:
            raise JudgeMissing("a gate asks a teacher, and there is none to judge: set its mode to off, or give one")
        return self._ask


def _entailment(step: steps.Entailment, shared: _Shared) -> Gate[Summary]:
    # Imported late: torch takes seconds, and few machines need it.
    from datagen.gates.models.entailment import EntailmentGate, load_classifier  # noqa: PLC0415

    return EntailmentGate(load_classifier(step.model, step.batch_size), step.min_probability, step.window_sentences)


_MAKERS: Mapping[str, Callable[..., Gate[Summary]]] = {
    "form": lambda step, shared: FormGate(),
    "length": lambda step, shared: LengthGate(),
    "point_of_view": lambda step, shared: PointOfViewGate(),
    "voice": lambda step, shared: VoiceGate(shared.english, step.max_passive),
    "tense": lambda step, shared: TenseGate(shared.english, step.min_share),
    "language": lambda step, shared: LanguageGate(step.min_score),
    "copied_span": lambda step, shared: CopiedSpanGate(step.max_share, step.span),
    "repetition": lambda step, shared: RepetitionGate(step.max_share),
    "refusal_and_meta": lambda step, shared: RefusalAndMetaGate(shared.examples),
    "reply": lambda step, shared: ReplyGate(),
    "never": lambda step, shared: NeverGate(),
    "canary": lambda step, shared: CanaryGate(),
    "numbers": lambda step, shared: NumbersGate(),
    "names": lambda step, shared: NamesGate(shared.english),
    "addresses": lambda step, shared: AddressesGate(),
    "harmful_words": lambda step, shared: HarmfulWordsGate(),
    "coverage": lambda step, shared: CoverageGate(shared.english, step.min_share, step.min_share_of_title),
    "spelling": lambda step, shared: SpellingGate(shared.english),
    "statement": lambda step, shared: StatementGate(shared.english),
    "relevance": lambda step, shared: RelevanceGate(shared.english),
    "title_words": lambda step, shared: TitleWordsGate(shared.english, step.min_own, step.max_new),
    "title_claims": lambda step, shared: TitleClaimsGate(shared.english, step.max_apart),
    "support": lambda step, shared: SupportGate(shared.english, step.min_share),
    "negation": lambda step, shared: NegationGate(shared.english, step.max_doubt),
    "affirmation": lambda step, shared: AffirmationGate(shared.english),
    "number_context": lambda step, shared: NumberContextGate(shared.english, step.max_doubt),
    "roles": lambda step, shared: RolesGate(shared.english, step.max_doubt),
    "entailment": _entailment,
    **dict.fromkeys(MATTERS, lambda step, shared: JudgeGate(shared.ask, MATTERS[step.type], step.min_agreeing)),
    "agreement": lambda step, shared: AgreementGate(
        shared.ask,
        shared.english,
        shared.examples,
        sampling=shared.sampling,
        answers=step.answers,
        temperature=step.temperature,
        min_agreement=step.min_agreement,
        min_backed=step.min_backed,
    ),
    "coverage_judge": lambda step, shared: CoverageJudgeGate(shared.ask, step.min_answered),
}
"""A step's ``type`` to what makes its gate of the step and of what gates share."""
