"""`orchard evaluation`: frozen evaluation sets, sheets and a form for graders, a judge, and their grades added up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from pipelines.cli.generate import (
    CostBound,
    GenerationRecipe,
    GenerationSet,
    LimitOption,
    PayloadInput,
    TeacherOption,
    TokenBound,
    teacher_changes,
)
from pipelines.cli.options import MoreInputs

if TYPE_CHECKING:
    from schemas.payload import PayloadKind

app = typer.Typer(no_args_is_help=True)

Training = Annotated[
    list[str] | None,
    typer.Option("--training", metavar="GLOB", help="What training has: files of payloads, or rows (kept/*.parquet)."),
]
SetsFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of evaluation sets.")]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="A use case: email, message, ...; again for more; all if not given."),
]
SheetFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder that `orchard evaluation sheet` wrote.")]


@app.callback()
def evaluation() -> None:
    """Frozen evaluation sets, sheets and a form for graders, a judge, and their grades added up."""


@app.command()
def choose(  # noqa: PLR0917 (every option is a parameter)
    recipe: GenerationRecipe,
    inputs: PayloadInput,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the sets: email.jsonl, ...")],
    more: MoreInputs = None,
    training: Training = None,
    kind: Kinds = None,
    size: Annotated[int | None, typer.Option(min=1, help="Payloads a use case; 750 if not given.")] = None,
    seed: Annotated[int, typer.Option(help="Chooses families and payloads.")] = 0,
    changes: GenerationSet = None,
) -> None:
    """Choose exactly 750 payloads a use case, spread over strata, out of whole seed families, and freeze them.

    Left out are payloads that share a family, a near-duplicate or a passage of 13 words with --training. Where there is
    no training data yet, make it with --set 'payloads.evaluation_sets=[DIR]': it leaves out what these sets have.

    \b
    Examples:
      orchard evaluation choose summaries -i 'mail/*.mbox' -o eval
      orchard evaluation choose summaries -i 'new/*.jsonl.gz' --training 'out/kept/*.parquet' --kind email -o eval
    """
    from datagen.evaluation.choose import SIZE
    from datagen.evaluation.folder import write_set
    from datagen.evaluation.make import REASONS, make_sets
    from datagen.evaluation.training import training_texts
    from schemas.recipe.load import load_summaries

    made = make_sets(
        load_summaries(recipe, changes or []),
        [*inputs, *(more or [])],
        training_texts(training or []),
        kinds=_kinds(kind or []),
        size=size or SIZE,
        seed=seed,
    )
    for reason, count in sorted(made.left_out.items()):
        typer.echo(f"left out: {count:,} payloads {REASONS[reason]}")
    for frozen, payloads in made.sets:
        write_set(out, frozen, payloads)
        families = len({payload.family for payload in payloads})
        typer.echo(
            f"{out / frozen.use_case}.jsonl: {frozen.size:,} payloads (seed families: {families:,}, "
            f"strata: {len(frozen.strata)}), digest {frozen.digest}"
        )
    typer.echo(f"left to train on: {made.for_training:,} payloads of other seed families")
    if made.for_training == 0:
        typer.echo(
            "warning: every seed family (mailbox, thread) of the input is in a set, so a run that leaves the sets out "
            "asks nothing about this input: train on other input, or choose fewer with --size",
            err=True,
        )


def _kinds(names: list[str]) -> list["PayloadKind"]:
    from schemas.payload import PayloadKind
    from schemas.recipe.error import nearest

    known = {kind: kind for kind in get_args(PayloadKind)}
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            raise typer.BadParameter(f"--kind {name}: there are {', '.join(known)}{hint}")
    return [known[name] for name in dict.fromkeys(names)]


@app.command()
def check(
    folder: SetsFolder,
    training: Training = None,
) -> None:
    """See that sets are what was frozen, and that training shares nothing with them. Ends with 1 where it does.

    \b
    Examples:
      orchard evaluation check eval
      orchard evaluation check eval --training 'out/kept/*.parquet'
    """
    from collections import Counter

    from datagen.evaluation.folder import read_sets
    from datagen.evaluation.held_out import held_out_of
    from datagen.evaluation.training import training_texts

    for frozen, _ in read_sets(folder):
        typer.echo(f"ok     {folder / frozen.use_case}.jsonl: {frozen.size:,} payloads, digest {frozen.digest}")
    if not training:
        return
    held_out, texts, shared, examples = held_out_of((folder,)), 0, Counter[str](), dict[str, str]()
    for family, text in training_texts(training):
        texts += 1
        found = held_out.shared(family, text)
        if found is not None:
            shared[found.what] += 1
            examples.setdefault(found.what, f"training text {texts:,}: {found.detail}")
    for reason, count in sorted(shared.items()):
        what = reason.replace("_", " ")
        typer.echo(f"WRONG  training: {count:,} of {texts:,} share a {what} with a set ({examples[reason]})", err=True)
    if shared:
        raise typer.Exit(1)
    typer.echo(f"ok     training: none of {texts:,} shares a family, near-duplicate or passage with a set")


@app.command()
def answer(  # noqa: PLR0917
    recipe: GenerationRecipe,
    folder: SetsFolder,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="RUN", help="Folder of the run; its name is the system's.")
    ],
    kind: Kinds = None,
    product: Annotated[str | None, typer.Option(help="Ask for this product only; for all if not given.")] = None,
    limit: LimitOption = None,
    teacher: TeacherOption = None,
    max_tokens: TokenBound = None,
    max_cost: CostBound = None,
    changes: GenerationSet = None,
) -> None:
    """Let a system answer the sets: all payloads, no gates, nothing taken out, since graders must see bad answers too.

    Else it asks as `orchard generate` does, resumes as that does, and writes the same folders.

    \b
    Examples:
      orchard evaluation answer summaries eval --kind email --product topline -o systems/small
      orchard evaluation answer summaries eval --kind email --product topline -o systems/large --teacher endpoint \\
          --set teacher.url=http://127.0.0.1:8000/v1 --set teacher.model=my-model
    """
    from rich.console import Console

    from datagen.evaluation.answer import to_answer_all
    from datagen.evaluation.folder import payload_files, read_sets
    from datagen.run.plan import plan_generation
    from datagen.run.report import print_report
    from datagen.run.run import run_generation
    from datagen.run.session import Bounds
    from pipelines.engine.job import RunOptions
    from schemas.recipe.load import load_summaries

    loaded = to_answer_all(load_summaries(recipe, teacher_changes(teacher, changes)), product)
    files = payload_files(folder, read_sets(folder), _kinds(kind or []))
    console = Console()
    plan = plan_generation(loaded, files, str(out), limit, Bounds(max_tokens, max_cost))
    print_report(run_generation(plan, RunOptions("local", 1, ()), console), console)
    typer.echo(f"next: orchard evaluation sheet {out} ... -o DIR")


@app.command()
def sheet(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Runs on the set, a folder a system; its name names it.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the sheet, the form and the key.")
    ],
    product: Annotated[str | None, typer.Option(help="Only this product; all if not given.")] = None,
    seed: Annotated[int, typer.Option(help="Of the order.")] = 0,
) -> None:
    """Write a sheet (CSV) and a form (HTML) for graders, who see the systems' summaries without their names.

    \b
    Examples:
      orchard evaluation sheet systems/small systems/large --product topline -o graded
    """
    from datagen.evaluation.write import write_for_graders

    written = write_for_graders(runs, product, out, seed)
    for name, count in written.summaries.items():
        typer.echo(f"{name}: {count:,} summaries, {written.unanswered[name]:,} requests without an answer")
        if again := written.retryable[name]:
            typer.echo(f"warning: {name}: {again:,} of them may be answered if the system answers again", err=True)
    if len(written.summaries) > 1:
        typer.echo(f"answered by all systems: {written.common:,} of {written.items:,}")
    for path in written.files:
        typer.echo(path)


@app.command()
def judge(  # noqa: PLR0917
    folder: SheetFolder,
    recipe: Annotated[
        str, typer.Option("--recipe", help="Names the teacher and the flow, as for `orchard generate`.")
    ] = "summaries",
    teacher: TeacherOption = None,
    max_tokens: TokenBound = None,
    max_cost: CostBound = None,
    changes: GenerationSet = None,
) -> None:
    """Let a teacher grade the sheet in all five dimensions: judged-<model>.jsonl. Nothing is asked twice.

    \b
    Examples:
      orchard evaluation judge graded --teacher endpoint --set teacher.url=http://127.0.0.1:8000/v1 \\
          --set teacher.model=my-model
    """
    from collections import Counter

    from rich.console import Console

    from datagen.evaluation.graded import write_gradings
    from datagen.evaluation.judging import judge as grade
    from datagen.evaluation.key import read_key
    from datagen.evaluation.sheet import read_summaries
    from datagen.run.report import describe
    from datagen.run.session import Bounds
    from pipelines.engine.outputs.files import write_bytes
    from pipelines.engine.shard import shard_name
    from schemas.recipe.load import load_summaries

    loaded, bounds = load_summaries(recipe, teacher_changes(teacher, changes)), Bounds(max_tokens, max_cost)
    bounds.check(loaded.teacher)
    may_leave = read_key(folder).anonymised or not loaded.payloads.remote_needs_anonymised
    found = grade(read_summaries(folder), loaded, folder / "journal", bounds, Console(), may_leave=may_leave)
    path = folder / f"judged-{shard_name(found.grader)}.jsonl"
    write_bytes(str(path), write_gradings(found.gradings).encode())
    typer.echo(f"{path}: {len(found.gradings):,} summaries graded by {found.grader}")
    for reason, count in Counter(failure.reason for failure in found.failures).items():
        typer.echo(f"no grades: {count:,} ({reason.replace('_', ' ')})", err=True)
    typer.echo(f"{describe(found.spent)} (all judges of this sheet)")


@app.command()
def report(
    folder: SheetFolder,
    graded: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Grades: filled sheets (.csv), or .jsonl of form or judge.")
    ],
) -> None:
    """Add grades up: a summary is good if good in all dimensions, poor if poor in any. Writes grades.json.

    \b
    Examples:
      orchard evaluation report graded graded/grades-*.jsonl ann.csv
    """
    from datagen.evaluation.graded import BadSheet, read_all
    from datagen.evaluation.key import read_key
    from datagen.evaluation.report.report import make_report
    from pipelines.cli.grade_tables import print_grades
    from pipelines.engine.outputs.files import write_bytes

    key = read_key(folder)
    gradings = read_all(graded, key)
    if not gradings:
        raise BadSheet(f"{', '.join(map(str, graded))}: nothing is graded there yet; fill all five columns of a row")
    found = make_report(gradings)
    print_grades(found)
    for name, count in sorted(key.unanswered.items()):
        if count:
            typer.echo(f"{name}: {count:,} requests had no usable answer and are in no share", err=True)
    for grader, count in found.graders.items():
        typer.echo(f"{grader}: has graded {count:,} of {len(key.items):,} summaries")
    write_bytes(str(folder / "grades.json"), found.model_dump_json(indent=1).encode() + b"\n")
    typer.echo(folder / "grades.json")
