"""From a request to a model of the engine ``orchard``, with its card."""

import shlex
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from pipelines.engine.version import code_version
from pipelines.extract.model.model_file import write_model
from pipelines.extract.scoring import Score
from pipelines.extract.train import card as cards
from pipelines.extract.train.collect import collect
from pipelines.extract.train.confidence import calibrate
from pipelines.extract.train.examples import Example
from pipelines.extract.train.measure import group_score, grouped, score_pages
from pipelines.extract.train.request import ExtractorRequest
from pipelines.extract.train.stack import FOLDS, Stack
from pipelines.train.errors import TrainingError
from schemas.extractor_card import CARD_NAME, ExtractorCard, GroupScore, LearningPoint

Report = Callable[[str], None]
Floats = npt.NDArray[np.float32]

MODEL_NAME = "blocks.npz"
FEWEST_SITES = 4 * FOLDS
SHARES = (0.125, 0.25, 0.5)
"""Of the sites, for the learning curve; all of them are measured anyway."""
CURVE_FOLD = 0
"""The one that the learning curve is measured on."""
NOTES = (
    "F1 compares with what annotators or feeds took for the text: titles, bylines and captions are in some truths and "
    "not in others.",
    "Where a source is left out, word weights and the first stage's probabilities still come from folds with pages of "
    "it; trees and net do not.",
)


def train_extractor(request: ExtractorRequest, report: Report) -> ExtractorCard:
    """Train, cross-validate, and write the model and its card.

    Raises ``InputError``, ``LabelError`` or ``TrainingError`` where files or labels give no model; nothing is written
    then.
    """
    _check_out(request)
    examples = collect(request, report)
    sites = {example.site for example in examples if example.teaches}
    if len(sites) < FEWEST_SITES:
        raise TrainingError(
            f"{len(sites)} sites have pages to learn from; at least {FEWEST_SITES} are needed. A label teaches if it "
            "has the page's full text, and if that stands in the page"
        )
    stack = Stack(examples, request.seed, report)
    probability = stack.cross_validate(report)
    scores = score_pages(examples, probability)
    confidence = calibration(request, examples, scores)
    report("the model itself")
    fitted = stack.fit(stack.teaches)
    left_out = tuple(_left_out(stack, source, report) for source in _sources(examples))
    curve = tuple(_curve_point(stack, share, report) for share in (*SHARES, 1.0))
    request.out.mkdir(parents=True, exist_ok=True)
    digest = write_model(fitted.model(confidence), request.out / MODEL_NAME)
    card = ExtractorCard(
        model=MODEL_NAME,
        model_bytes=(request.out / MODEL_NAME).stat().st_size,
        model_digest=digest,
        command=_command(request),
        seed=request.seed,
        trained_on=cards.licences(examples),
        kinds=cards.kinds(examples),
        only_measured=request.only_measure,
        cross_validation=grouped(examples, scores),
        source_left_out=left_out,
        learning_curve=curve,
        gains=cards.gains(fitted),
        calibration=tuple((round(float(x), 4), round(float(y), 4)) for x, y in confidence.T),
        code_version=code_version(),
        notes=NOTES,
    )
    cards.write_card(card, request.out)
    return card


def calibration(
    request: ExtractorRequest, examples: Sequence[Example], scores: dict[int, tuple[Score, float]]
) -> Floats:
    """The confidence of the model, float32[2, points]; labels that are only measured on have no part in it.

    Raises ``TrainingError`` where no page that may be trained on has a full text.
    """
    own = [score for number, score in scores.items() if examples[number].label.source not in request.only_measure]
    if not own:
        raise TrainingError("no page that may be trained on has its full text: there is nothing to calibrate by")
    return calibrate(
        np.array([expected for _, expected in own], np.float32), np.array([score.f1 for score, _ in own], np.float32)
    )


def _check_out(request: ExtractorRequest) -> None:
    if request.out.exists() and not request.out.is_dir():
        raise TrainingError(f"{request.out} is a file; --out names a folder")
    if (request.out / CARD_NAME).exists() and not request.overwrite:
        raise TrainingError(f"{request.out} already has a model; give another --out, or --overwrite")


def _sources(examples: Sequence[Example]) -> list[str]:
    """The sources that are both trained and measured on."""
    return sorted({e.label.source for e in examples if e.teaches and e.is_measured and e.label.source})


def _left_out(stack: Stack, source: str, report: Report) -> GroupScore:
    report(f"without {source}")
    of_source = np.array([example.label.source == source for example in stack.examples])
    probability = stack.predict(~of_source, of_source)
    return group_score(source, [score for score, _ in score_pages(stack.examples, probability).values()])


def _curve_point(stack: Stack, share: float, report: Report) -> LearningPoint:
    report(f"with {share:.1%} of the sites")
    sites = sorted({example.site for example in stack.examples})
    kept = set(np.random.default_rng(stack.seed).permutation(sites)[: round(share * len(sites))].tolist())
    held_out = stack.fold == CURVE_FOLD
    chosen = np.array([example.site in kept for example in stack.examples]) & ~held_out
    scores = score_pages(stack.examples, stack.predict(chosen, held_out))
    pages = int((chosen & stack.teaches).sum())
    return LearningPoint(share=share, pages=pages, f1=group_score("", [score for score, _ in scores.values()]).f1)


def _command(request: ExtractorRequest) -> str:
    words = ["orchard", "train", "extractor"]
    for option in ("pages", "truth", "index", "only_measure"):
        words += [word for value in getattr(request, option) for word in (f"--{option.replace('_', '-')}", value)]
    words += [] if request.weak else ["--no-weak"]
    return shlex.join([*words, "--seed", str(request.seed), "--out", str(request.out)])
