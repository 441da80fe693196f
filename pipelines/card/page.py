"""The README of a folder, below its header."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import yaml

from pipelines.card.about import About, licences
from pipelines.card.croissant import description
from pipelines.card.folder import Folder, Part
from pipelines.export.tally import NONE
from schemas.generation.report import GenerationReport
from schemas.manifest import Manifest
from schemas.waterfall import GateCount

_BY = (
    ("By source", "source"), ("Languages", "language"), ("Products", "product"), ("Payloads", "kind"),
    ("Splits", "split"), ("Teachers", "teacher"),
)  # fmt: skip
"""What documents and samples are counted by."""
MOST_ROWS = 25
"""Of a table; the rest is one row."""


def page(folder: Folder, made_from: Sequence[Folder], about: About) -> str:
    """Markdown: what is in it, where it comes from, how it was made, how it is read."""
    lines = [f"# {about.name}", "", about.description, ""]
    lines += ["## Content", "", *_table(("part", "rows", "files", "MB"), map(_content, folder.parts)), ""]
    for part in folder.parts:
        lines += _facts(part)
    lines += _tokens(folder)
    what = "documents" if folder.report is None else "samples"
    for title, column in _BY:
        lines += _counts(title, column, what, folder.counts(column))
    lines += _licences(folder, tuple(made_from))
    lines += ["## How it was made", "", *_made(folder.manifest)]
    if folder.report is not None:
        lines += _generation(folder.report)
    for each in made_from:
        lines += [f"Made from: {_sentence(each)}", "", *_made(each.manifest)]
    for part in folder.parts:
        lines += _columns(part)
    lines += [
        "## Integrity", "",
        "`manifest.json` lists every file with its rows, bytes and digest (xxh3-128), and every input.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _content(part: Part) -> tuple[str, ...]:
    return (f"`{part.pattern}`", f"{part.rows:,} {part.what}", f"{len(part.files):,}", f"{part.bytes / 1e6:,.1f}")


def _facts(part: Part) -> Iterator[str]:
    facts = part.facts
    if facts is None:
        return
    begin = "none" if facts.begin_id is None else facts.begin_id
    yield (
        f"`{part.folder}`: sequences of {facts.sequence_length:,} tokens, packed by {facts.packing}, seed "
        f"{facts.seed}; {facts.vocab_size:,} ids, begin {begin}, end {facts.end_id}, padding {facts.padding_id}; "
        f"tokenizer `{facts.tokenizer}`."
    )
    yield ""


def _tokens(folder: Folder) -> list[str]:
    """Part by part: the samples of a mixture repeat what its stages have."""
    rows = [(f"`{part.folder}`", *cells) for part in folder.parts for cells in _shares(part.tally.tokens)]
    return ["## Tokens by source", "", *_table(("part", "source", "tokens", "share"), rows), ""] if rows else []


def _counts(title: str, column: str, what: str, counts: Counter[str]) -> list[str]:
    if not counts:
        return []
    return [f"## {title}", "", *_table((column, what, "share"), _shares(counts)), ""]


def _shares(counts: Counter[str]) -> Iterator[tuple[str, ...]]:
    total = counts.total()
    common = counts.most_common(MOST_ROWS)
    rest = total - sum(count for _, count in common)
    for name, count in [*common, *([("others", rest)] if rest else [])]:
        yield (name, f"{count:,}", f"{count / total:.2%}")


def _licences(folder: Folder, made_from: tuple[Folder, ...]) -> list[str]:
    counts = licences(folder, made_from)
    if not counts:
        return ["## Licences", "", "Not known here: these files do not carry the licences of their documents.", ""]
    of = "" if folder.counts("license") else " Of the documents of the runs told below; those of others are not known."
    without = f" No licence is known of {counts[NONE]:,} documents, which is no permission." if counts[NONE] else ""
    lines = ["## Licences", "", f"SPDX expressions, as found with each document.{of}{without}", ""]
    return [*lines, *_table(("licence", "documents", "share"), _shares(counts)), ""]


def _sentence(folder: Folder) -> str:
    return ", ".join(f"{part.rows:,} {part.what}" for part in folder.parts)


def _made(manifest: Manifest) -> list[str]:
    counts = manifest.counts
    gone = {"dropped": counts.dropped, "dead letters": counts.dead_letters, "skipped": counts.skipped}
    parts = [f"{counts.kept:,} kept", *(f"{sum(tally.values()):,} {name}" for name, tally in gone.items() if tally)]
    rows = [
        ("recipe", f"{manifest.recipe.get('name', manifest.stage)}, fingerprint `{manifest.recipe_fingerprint}`"),
        ("code", f"Orchard {manifest.code_version}"),
        ("made", f"{manifest.timings.finished_at:%Y-%m-%d}, from {len(manifest.inputs):,} input files"),
        ("records", f"{counts.input:,} in: {', '.join(parts)}"),
        *(("engine", f"{engine.name} {engine.version}") for engine in manifest.engines),
        *((f"seed of {name}", str(seed)) for name, seed in manifest.seeds.items()),
    ]
    lines = [*_table(("", ""), rows), ""]
    if counts.dropped:
        dropped = Counter({rule: count for rule, count in counts.dropped.items() if count})
        lines += [*_table(("rule", "dropped", "share"), _shares(dropped)), ""]
    recipe = yaml.safe_dump(dict(manifest.recipe), sort_keys=False, allow_unicode=True).rstrip()
    return [*lines, "<details><summary>The whole recipe</summary>", "", "```yaml", recipe, "```", "", "</details>", ""]


def _generation(report: GenerationReport) -> list[str]:
    """The waterfall from generated to kept samples, and what it took."""
    waterfall, spent = report.waterfall, report.spending
    rows = [
        ("generated", f"{waterfall.generated:,}", "", ""),
        ("parsed", f"{waterfall.generated:,}", f"{waterfall.generated - waterfall.parsed:,}", ""),
        *((_gate(gate), f"{gate.judged:,}", f"{gate.failed:,}", _reasons(gate)) for gate in waterfall.gates),
        ("kept", f"{waterfall.kept:,}", "", ""),
    ]
    tokens = f"{spent.prompt_tokens:,} tokens read and {spent.completion_tokens:,} written"
    each = "" if report.tokens_per_kept is None else f", {report.tokens_per_kept:,.0f} for each kept sample"
    took = f"Generated by {report.teacher}, in {spent.requests:,} requests with {tokens}{each}."
    return ["### Gates", "", took, "", *_table(("gate", "came", "failed", "reasons"), rows), ""]


def _gate(gate: GateCount) -> str:
    return gate.gate if gate.mode == "on" else f"{gate.gate} (marks only)"


def _reasons(gate: GateCount) -> str:
    by_count = sorted(gate.reasons.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{reason} {count:,}" for reason, count in by_count)


def _columns(part: Part) -> list[str]:
    if part.schema is None:
        return []
    rows = ((f"`{field.name}`", str(field.type).replace("|", "\\|")[:60], description(field)) for field in part.schema)
    load = f'datasets.load_dataset("parquet", data_files="{part.pattern}")'
    lines = [f"## Columns of `{part.folder}`", "", f"Loaded by `{load}`.", ""]
    return [*lines, *_table(("column", "type", "meaning"), rows), ""]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
