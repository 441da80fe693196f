"""Entailment: whether the payload entails every sentence of a summary, by an NLI cross-encoder (AFM R33).

A payload is longer than such models read, so each sentence is held against windows of the payload's sentences and the
best one counts (SummaC-ZS, arXiv:2111.09525).
"""

from collections.abc import Callable, Sequence

from datagen.gates.gate import Cost, Verdict
from datagen.gates.text import sentences
from datagen.products.summary import Summary

LONGEST = 512
"""Tokens of a pair; what the common cross-encoders were trained with."""

Entails = Callable[[Sequence[tuple[str, str]]], list[float]]
"""From (premise, hypothesis) to the probability that the one entails the other."""


class EntailmentGate:
    """Rejects summaries with a sentence that no window of the payload entails."""

    name = "entailment"
    cost: Cost = "model"

    def __init__(self, entails: Entails, min_probability: float, window_sentences: int) -> None:
        self._entails, self._min, self._window = entails, min_probability, window_sentences

    def judge(self, samples: Sequence[Summary]) -> list[Verdict]:
        """One verdict a summary; all pairs of all samples are one call of the model."""
        pairs: list[tuple[str, str]] = []
        owners: list[tuple[int, int]] = []
        claims = [[claim for text in sample.answer.texts() for claim in sentences(text)] for sample in samples]
        for row, sample in enumerate(samples):
            shown = windows(sentences(sample.source), self._window)
            for number, claim in enumerate(claims[row]):
                pairs.extend((premise, claim) for premise in shown)
                owners.extend((row, number) for _ in shown)
        best = [[0.0] * len(texts) for texts in claims]
        for (row, number), probability in zip(owners, self._entails(pairs) if pairs else [], strict=True):
            best[row][number] = max(best[row][number], probability)
        return [self._verdict(texts, scores) for texts, scores in zip(claims, best, strict=True)]

    def _verdict(self, claims: Sequence[str], scores: Sequence[float]) -> Verdict:
        bound = f">= {self._min:g} for each sentence"
        lowest = min(scores, default=1.0)
        if lowest >= self._min:
            return Verdict(self.name, passed=True, score=lowest, bound=bound)
        claim = claims[scores.index(lowest)]
        return Verdict(self.name, False, lowest, bound, reason="not_entailed", detail=claim)


def windows(texts: Sequence[str], size: int) -> list[str]:
    """Runs of ``size`` texts, each half a run after the one before; all texts are in one."""
    step = max(1, size // 2)
    starts = range(0, max(1, len(texts) - size + step), step)
    return [" ".join(texts[start : start + size]) for start in starts]


def load_classifier(model: str, batch_size: int) -> Entails:
    """An NLI model of the Hugging Face hub or a folder, on a GPU where there is one.

    Raises ValueError: none of its labels is "entailment"; OSError: there is no such model.
    """
    import torch  # noqa: PLC0415  # pyright: ignore[reportMissingImports] - takes seconds
    from transformers import (  # noqa: PLC0415  # pyright: ignore[reportMissingImports]
        AutoModelForSequenceClassification,
        AutoTokenizer,
    )

    tokenizer = AutoTokenizer.from_pretrained(model)
    classifier = AutoModelForSequenceClassification.from_pretrained(model).eval()
    labels = {str(name).lower(): int(number) for number, name in classifier.config.id2label.items()}
    if "entailment" not in labels:
        raise ValueError(f"entailment model {model}: its labels are {', '.join(labels)}; one must be entailment")
    # Some tokenizers name no limit, or one that the model's positions do not reach.
    longest = min(tokenizer.model_max_length, getattr(classifier.config, "max_position_embeddings", LONGEST), LONGEST)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    classifier.to(device)

    def entails(pairs: Sequence[tuple[str, str]]) -> list[float]:
        found = [0.0] * len(pairs)
        # Pairs of like length go together, so that little is padded.
        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            # What is too long is cut off the longer text, the premise: a claim must be judged whole.
            batch = tokenizer(
                [pairs[row][0] for row in rows],
                [pairs[row][1] for row in rows],
                padding=True,
                truncation="longest_first",
                max_length=longest,
                return_tensors="pt",
            )
            with torch.inference_mode():
                scores = torch.softmax(classifier(**batch.to(device)).logits.float(), dim=-1)
            for row, probability in zip(rows, scores[:, labels["entailment"]].tolist(), strict=True):
                found[row] = probability
        return found

    return entails
