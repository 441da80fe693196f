"""The page that says what came of a mixture."""

from collections.abc import Iterator, Sequence

from schemas.mix_report import MixReport, PartReport, SourceReport


def markdown(report: MixReport) -> str:
    """The report as a page."""
    parts = [line for part in report.parts for line in _part(part)]
    unused = [f"In no stage: {', '.join(report.unused)}.", ""] if report.unused else []
    head = [
        f"# Mixture {report.recipe}",
        "",
        f"Seed {report.seed}, tokenizer {report.tokenizer}. Tokens are those of documents and around them, no padding.",
        "",
    ]
    return "\n".join([*head, *unused, *parts])


def _part(part: PartReport) -> Iterator[str]:
    kind = f"Sample of {part.sample_of}" if part.sample_of else "Stage"
    yield f"## {part.name}"
    yield ""
    yield (
        f"{kind}: {part.tokens:,} of {part.budget:,} tokens in {part.sequences:,} sequences of "
        f"{part.sequence_length:,}, {part.files:,} file(s). No source is farther from what was requested than "
        f"{part.largest_deviation:.3%} of the budget."
    )
    yield ""
    names = ("source", "requested", "read", "tokens", "documents", "has", "passes", "with earlier stages", "repeated")
    yield from _table(names, [_source(source) for source in part.sources])
    for source in part.sources:
        if source.ran_out and not part.sample_of:
            yield f"**{source.source} has run out**: {source.tokens:,} of {source.requested_tokens:,.0f} tokens."
            yield ""
    rows = [
        [
            f"{method}{' (used)' if method == part.packing else ''}",
            f"{cuts.cut:,} ({cuts.cut / max(1, cuts.documents):.2%})",
            f"{cuts.cut_though_fitting:,}",
            f"{cuts.padding_rate:.3%}",
        ]
        for method, cuts in part.packings.items()
    ]
    yield from _table(("packing", "documents cut", "of these no longer than a sequence", "padding"), rows)
    bins = [(number, count) for number, count in enumerate(part.lengths) if count]
    total = sum(count for _, count in bins)
    lengths = [
        [f"{1 << number:,} to {(2 << number) - 1:,}", f"{count:,}", f"{count / total:.1%}"] for number, count in bins
    ]
    yield from _table(("tokens of a document", "documents", "share"), lengths)


def _source(source: SourceReport) -> list[str]:
    return [
        source.source,
        f"{source.requested_share:.2%}",
        f"{source.share:.2%}",
        f"{source.tokens:,}",
        f"{source.documents:,}",
        f"{source.available_tokens:,}",
        f"{source.passes:.3f}",
        f"{source.passes_so_far:.3f}",
        f"{source.repeated_documents:,}",
    ]


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
