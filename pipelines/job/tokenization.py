"""Plans a tokenization, and prints what came of it."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pipelines.engine.outputs.files import join
from pipelines.engine.outputs.layout import DEAD_LETTERS, TOKENS
from pipelines.engine.phase import Phase
from pipelines.engine.shard import make_shards
from pipelines.engine.version import code_version, environment
from pipelines.engine.watch.progress_view import rate
from pipelines.job.plan import Plan, make_plan
from pipelines.read.blocks import check_documents
from pipelines.read.files import find_inputs
from pipelines.tokenize import tally
from pipelines.tokenize.open import open_library
from pipelines.tokenize.stage import TokenizeStage
from schemas.fingerprint import fingerprint
from schemas.manifest import EngineRecord, Manifest, RunFacts
from schemas.recipe.tokenize import Tokenize


def plan_tokenization(settings: Tokenize, inputs: Sequence[str], out: str) -> Plan:
    """Look at documents that are there already, or at texts of others, and at the tokenizer.

    Raises:
        InputError: an input holds no documents, or nothing says what texts of others are.
        TokenizerError: the tokenizer cannot be opened.
        ForeignOutputError: the folder holds another run.
    """
    files = find_inputs(inputs)
    check_documents(files, settings.foreign)
    shards = tuple(make_shards(files))
    stage = TokenizeStage.of(settings)
    return make_plan(_facts(settings), out, shards, (Phase((stage,), shards),))


def print_tokens(manifest: Manifest, out: str, console: Console) -> None:
    """Tokens of every source class, the cost, and where they are."""
    console.print(_table(manifest))
    wall = (manifest.timings.finished_at - manifest.timings.started_at).total_seconds()
    megabytes = sum(tally.by_source(manifest.findings, tally.BYTES).values()) / 1e6
    console.print(
        f"{manifest.counts.kept:,} documents, {megabytes:,.1f} MB of text in {wall:.1f} s ({rate(megabytes / wall)} "
        f"MB/s), peak memory {manifest.peak_memory_bytes / 1e9:.2f} GB"
    )
    console.print(f"tokenizer: {manifest.engines[0].name}", markup=False, soft_wrap=True)
    console.print(f"tokens:    {join(out, TOKENS)}/*.parquet", soft_wrap=True)
    console.print(f"manifest:  {join(out, 'manifest.json')}", soft_wrap=True)
    failed = ", ".join(f"{count:,} {kind}" for kind, count in manifest.counts.dead_letters.items())
    if failed:
        where = f"{join(out, DEAD_LETTERS)}/*.parquet"
        console.print(f"WARNING: not tokenized: {failed}; see {where}", style="bold red", markup=False, soft_wrap=True)


def _table(manifest: Manifest) -> Table:
    sums = [tally.by_source(manifest.findings, name) for name in (tally.DOCUMENTS, tally.BYTES, tally.TOKENS)]
    table = Table(box=SIMPLE_HEAD)
    table.add_column("source")
    for name in ("documents", "MB", "tokens", "bytes/token"):
        table.add_column(name, justify="right")
    rows = [(source, *(each.get(source, 0) for each in sums)) for source in sums[0]]
    if len(rows) > 1:
        rows.append(("all", *(sum(each.values()) for each in sums)))
    for source, documents, size, tokens in rows:
        table.add_row(source, f"{documents:,}", f"{size / 1e6:,.1f}", f"{tokens:,}", f"{size / max(1, tokens):.3f}")
    return table


def _facts(settings: Tokenize) -> RunFacts:
    """What the manifests say of settings and versions."""
    dumped, library = settings.model_dump(mode="json"), open_library(settings.tokenizer)
    return RunFacts(
        recipe=dumped,
        recipe_fingerprint=fingerprint(dumped),
        code_version=code_version(),
        environment=environment(),
        engines=(EngineRecord(name=library.name, version=library.identity),),
    )
