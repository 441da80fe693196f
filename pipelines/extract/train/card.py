"""The card of a trained extractor: its figures, as JSON and as Markdown."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.extract.features.table import NAMES
from pipelines.extract.train.examples import Example
from pipelines.extract.train.stack import Fitted
from schemas.extractor_card import CARD_NAME, ExtractorCard, FeatureGain, GroupScore

README = "README.md"
SHOWN_GAINS = 25


def gains(fitted: Fitted) -> tuple[FeatureGain, ...]:
    """The features of the first stage that gain most."""
    order = np.argsort(-fitted.gains, kind="stable")[:SHOWN_GAINS].tolist()
    return tuple(FeatureGain(feature=NAMES[place], share=round(float(fitted.gains[place]), 4)) for place in order)


def licences(examples: Sequence[Example]) -> dict[str, int]:
    """How many of the examples that teach come under which licence."""
    return dict(sorted(Counter(e.label.licence or "not stated" for e in examples if e.teaches).items()))


def kinds(examples: Sequence[Example]) -> dict[str, int]:
    """How many of the examples that teach have which kind of label."""
    return dict(sorted(Counter(e.label.kind if e.truth else "weak" for e in examples if e.teaches).items()))


def write_card(card: ExtractorCard, folder: Path) -> None:
    """The card as JSON and as Markdown."""
    (folder / CARD_NAME).write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / README).write_text(as_markdown(card), encoding="utf-8")


def as_markdown(card: ExtractorCard) -> str:
    """The card for people."""
    lines = [
        "# The block classifier of the engine orchard",
        f"`{card.model}`, {card.model_bytes / 1e3:.0f} kB, xxh3-128 `{card.model_digest}`. Trained by",
        f"```sh\n{card.command}\n```",
        f"on {sum(card.trained_on.values()):,} pages: {_counts(card.trained_on)}; by kind of label: "
        f"{_counts(card.kinds)}. Only measured, never trained on: {', '.join(card.only_measured) or 'nothing'}.",
        "## Cross-validation",
        "F1 of bags of words, on pages of sites that the model had not seen.",
        _scores(card.cross_validation),
        "## Each source left out",
        "The same by models that had seen no page of the source.",
        _scores(card.source_left_out),
        "## Learning curve",
        _table(
            ("share of sites", "pages", "F1"), [(f"{p.share:.0%}", p.pages, f"{p.f1:.4f}") for p in card.learning_curve]
        ),
        "## Gains of features",
        "Of the trees of the first stage; the net of the second looks at all of them.",
        _table(("feature", "share"), [(g.feature, f"{g.share:.3f}") for g in card.gains]),
        "## Confidence",
        _table(("expected F1", "F1"), [(f"{x:.3f}", f"{y:.3f}") for x, y in card.calibration]),
        *(f"- {note}" for note in card.notes),
    ]
    return "\n\n".join(lines) + "\n"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _scores(scores: Sequence[GroupScore]) -> str:
    rows = [(s.group, s.pages, f"{s.f1:.4f}", f"{s.precision:.4f}", f"{s.recall:.4f}") for s in scores]
    return _table(("pages of", "pages", "F1", "precision", "recall"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
