"""`orchard rules`: every rule and signal, with unit, default, meaning and source."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.reference_rows import Family


def rules(
    family: Annotated[str | None, typer.Argument(help="Only this type of step, such as gopher_quality.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the page of all rules as Markdown instead.")
    ] = None,
) -> None:
    """List every rule and signal that a recipe can use: code, default bound, unit, meaning and source.

    \b
    Examples:
      orchard rules
      orchard rules gopher_quality
      orchard rules --markdown docs/rules.md
    """
    from schemas import reference
    from schemas.corpus_reference import corpus_families

    if markdown is not None:
        markdown.write_text(reference.markdown(), encoding="utf-8")
        typer.echo(f"wrote {markdown}")
        return
    families = [*reference.page_families(), *reference.text_families(), *corpus_families()]
    names = list(dict.fromkeys(each.type for each in families))
    if family is not None and family not in names:
        raise typer.BadParameter(f"no step has the type {family}; there are: {', '.join(names)}", param_hint="FAMILY")
    _print([each for each in families if family in (None, each.type)])


def _print(families: "list[Family]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    for family in families:
        console.print(f"\n[bold]{family.type}[/]  {family.purpose}")
        table = Table("code", "default", "unit", "meaning", "source")
        for row in family.rows:
            source = str(family.sources.index(row.source) + 1)
            table.add_row(row.code, row.default, row.unit, row.meaning, source)
        console.print(table)
        for number, source in enumerate(family.sources, 1):
            console.print(f"{number}. {source}", markup=False)
