"""The report of a mixture: what was planned, beside what lies in the files."""

from collections.abc import Iterable, Mapping

from pipelines.mix.setting import Part, Setting
from schemas.mix_plan import MixPlan, PlannedPart, PlannedSource
from schemas.mix_report import CutCounts, FileLayout, MixReport, PartReport, Readings, SourceReport


def build_report(setting: Setting, plan: MixPlan, files: Iterable[FileLayout]) -> MixReport:
    """The report over all files."""
    readings: dict[tuple[str, str], Readings] = {}
    packings: dict[tuple[str, str], CutCounts] = {}
    for file in files:
        for stratum, some in file.readings.items():
            readings[file.part, stratum] = readings.get((file.part, stratum), Readings()) + some
        for method, cuts in file.packings.items():
            packings[file.part, method] = packings.get((file.part, method), CutCounts()) + cuts
    parts: list[PartReport] = []
    for part, planned in zip(setting.parts, plan.parts, strict=True):
        own = {stratum: found for (name, stratum), found in readings.items() if name == part.name}
        cuts = {method: found for (name, method), found in packings.items() if name == part.name}
        parts.append(_part(part, planned, own, cuts, parts))
    return MixReport(
        recipe=setting.mixture.name,
        seed=setting.mixture.seed,
        tokenizer=setting.vocabulary.fingerprint,
        unused=plan.unused,
        parts=tuple(parts),
    )


def _part(
    part: Part,
    planned: PlannedPart,
    readings: Mapping[str, Readings],
    cuts: Mapping[str, CutCounts],
    before: list[PartReport],
) -> PartReport:
    whole = sum(readings.values(), Readings())
    sources = tuple(
        _source(
            source,
            sum((readings.get(read.stratum, Readings()) for read in source.strata), Readings()),
            whole.tokens,
            0.0 if planned.sample_of else _passes(source.source, before),
        )
        for source in planned.sources
    )
    deviations = [abs(source.tokens - source.requested_tokens) / max(1, planned.budget) for source in sources]
    return PartReport(
        name=part.name,
        sample_of=planned.sample_of,
        sequence_length=part.sequence_length,
        packing=part.packing,
        budget=planned.budget,
        tokens=whole.tokens,
        sequences=cuts[part.packing].sequences,
        files=planned.files,
        largest_deviation=max(deviations),
        sources=sources,
        packings=dict(cuts),
        lengths=whole.lengths,
    )


def _source(source: PlannedSource, found: Readings, whole: int, before: float) -> SourceReport:
    passes = found.tokens / max(1, source.available)
    return SourceReport(
        source=source.source,
        requested_share=source.share,
        share=found.tokens / max(1, whole),
        requested_tokens=source.requested,
        tokens=found.tokens,
        documents=found.documents,
        available_tokens=source.available,
        passes=passes,
        passes_so_far=before + passes,
        repeated_documents=found.repeated_documents,
        repeated_tokens=found.repeated_tokens,
        ran_out=source.ran_out,
    )


def _passes(source: str, before: list[PartReport]) -> float:
    return sum(
        each.passes for part in before if part.sample_of is None for each in part.sources if each.source == source
    )
