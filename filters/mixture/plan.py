"""From a recipe and the documents that there are to what each stage and sample reads."""

from collections.abc import Mapping, Sequence

import numpy as np

from filters.mixture.ring import Arc, Ring, Taken
from filters.mixture.sample import take_nearest
from filters.mixture.shares import by_temperature, share_out
from filters.mixture.take import take
from schemas.mix_plan import MixPlan, PlannedPart, PlannedSource, ReadStratum
from schemas.recipe.mixture import MixSample, MixStage, Mixture

FILE_TOKENS = 1 << 25
"""Tokens in a file, 64 or 128 MB; its documents are packed together, in memory."""
LEAST_SEQUENCES = 256
"""A file has at least as many, however long they are: with fewer, padding would count."""


def plan_mixture(mixture: Mixture, rings: Mapping[str, Ring], most_files: Mapping[str, int]) -> MixPlan:
    """The plan for strata (by ``source/collection``); ``most_files`` bounds the files of each stage and sample."""
    places = dict.fromkeys(sorted(rings), 0)
    stages: dict[str, PlannedPart] = {}
    for stage in mixture.stages:
        stages[stage.name] = _plan_stage(mixture, stage, rings, places, most_files[stage.name])
    samples = [_plan_sample(mixture, sample, stages[sample.of], rings, most_files) for sample in mixture.samples]
    parts = (*stages.values(), *samples)
    used = {read.stratum for part in parts for source in part.sources for read in source.strata}
    return MixPlan(strata=tuple(places), unused=tuple(name for name in places if name not in used), parts=parts)


def members(stage: MixStage, strata: Sequence[str]) -> dict[str, list[str]]:
    """The strata of each source of a stage: of a class all those that the stage does not name themselves."""
    named = {key for key in stage.mix if "/" in key}
    return {
        key: [each for each in strata if each == key or (each.partition("/")[0] == key and each not in named)]
        for key in stage.mix
    }


def files_and_windows(tokens: int, sequence_length: int, most_files: int) -> tuple[int, int]:
    """How many files a stage has, and into how many windows for packing its reading order is divided."""
    if not tokens:
        return 0, 0
    size = window_tokens(sequence_length)
    files = min(most_files, max(1, round(tokens / size)))
    return files, files * max(1, round(tokens / files / size))


def window_tokens(sequence_length: int) -> int:
    """Tokens that are packed together, about."""
    return max(FILE_TOKENS, LEAST_SEQUENCES * sequence_length)


def _plan_stage(
    mixture: Mixture, stage: MixStage, rings: Mapping[str, Ring], places: dict[str, int], most_files: int
) -> PlannedPart:
    """What a stage reads; moves ``places`` to where it ends."""
    strata = members(stage, list(places))
    available = np.array([sum(_tokens(rings[each]) for each in strata[key]) for key in stage.mix], np.float64)
    most = available * [source.epochs for source in stage.mix.values()]
    weights = _weights(stage, available)
    budget = mixture.budget(stage)
    wanted = share_out(weights, most, budget)
    sources = []
    for row, key in enumerate(stage.mix):
        read = _read_source(round(float(wanted[row])), strata[key], rings, places)
        share = float(weights[row] / max(weights.sum(), 1e-300))
        sources.append(
            PlannedSource(
                source=key,
                share=share,
                requested=share * budget,
                available=int(available[row]),
                most=float(most[row]),
                tokens=sum(each.tokens for each in read),
                strata=tuple(read),
            )
        )
    tokens = sum(source.tokens for source in sources)
    files, windows = files_and_windows(tokens, stage.sequence_length, most_files)
    return PlannedPart(
        name=stage.name, sample_of=None, budget=budget, tokens=tokens, files=files, windows=windows,
        sources=tuple(sources),
    )  # fmt: skip


def _weights(stage: MixStage, available: np.ndarray) -> np.ndarray:
    if stage.temperature is not None:
        return by_temperature(available, stage.temperature)
    return np.array([source.weight or 0.0 for source in stage.mix.values()])


def _read_source(
    tokens: int, strata: Sequence[str], rings: Mapping[str, Ring], places: dict[str, int]
) -> list[ReadStratum]:
    """Tokens of a source, of each of its strata in proportion to what it has; what one leaves, the next takes."""
    left, left_available = tokens, sum(_tokens(rings[each]) for each in strata)
    read = []
    for stratum in strata:
        size = _tokens(rings[stratum])
        taken = take(rings[stratum], places[stratum], round(left * size / left_available) if left_available else 0)
        left, left_available = left - taken.tokens, left_available - size
        places[stratum] = taken.arc.end
        if taken.documents:
            read.append(_read(stratum, taken))
    return read


def _plan_sample(
    mixture: Mixture, sample: MixSample, stage: PlannedPart, rings: Mapping[str, Ring], most_files: Mapping[str, int]
) -> PlannedPart:
    """What a sample reads: of each stratum the same part of what the stage reads of it."""
    asked = sample.fraction or min(1.0, (sample.tokens or 0) * mixture.scale / max(1, stage.tokens))
    sources = []
    for source in stage.sources:
        read = [
            _read(each.stratum, take_nearest(rings[each.stratum], arc_of(each), round(asked * each.tokens)))
            for each in source.strata
        ]
        changes = {
            "requested": asked * source.tokens,
            "most": float(source.available),
            "tokens": sum(each.tokens for each in read),
            "strata": tuple(each for each in read if each.documents),
        }
        sources.append(source.model_copy(update=changes))
    length = sample.sequence_length or mixture.stage(sample.of).sequence_length
    tokens = sum(source.tokens for source in sources)
    files, windows = files_and_windows(tokens, length, most_files[sample.name])
    return PlannedPart(
        name=sample.name, sample_of=sample.of, budget=round(asked * stage.tokens), tokens=tokens, files=files,
        windows=windows, sources=tuple(sources),
    )  # fmt: skip


def arc_of(read: ReadStratum) -> Arc:
    """The documents that a part reads of a stratum."""
    return Arc(read.start, read.turns, read.span, read.skipped, read.fraction, read.longest)


def _read(stratum: str, taken: Taken) -> ReadStratum:
    arc = taken.arc
    return ReadStratum(
        stratum=stratum,
        start=arc.start,
        turns=arc.turns,
        span=arc.span,
        skipped=arc.skipped,
        fraction=arc.fraction,
        longest=arc.longest,
        tokens=taken.tokens,
        documents=taken.documents,
    )


def _tokens(ring: Ring) -> int:
    return int(ring.tokens.sum())
