"""`orchard schema`: prints the contracts."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pyarrow as pa
    from pydantic import BaseModel


class Format(StrEnum):
    """How a contract is printed."""

    json = "json"
    arrow = "arrow"


def schema(
    name: Annotated[str | None, typer.Argument(help="Which contract; without it, all are listed.")] = None,
    form: Annotated[
        Format, typer.Option("--format", help="JSON Schema, or the columns of the Parquet files.")
    ] = Format.json,
    recipe: Annotated[
        str, typer.Option(help="The recipe whose signals the columns are of (--format arrow).")
    ] = "web-en",
) -> None:
    """Print the schema of documents, dropped documents, dead letters, manifests or recipes.

    \b
    Examples:
      orchard schema                               what there is
      orchard schema document --format arrow       columns, units, meanings
      orchard schema dropped --format arrow --recipe c4
      orchard schema recipe > recipe.schema.json   for an editor
    """
    from schemas.contracts import CONTRACTS, TABLES, json_schema

    if name is None:
        for each, model in CONTRACTS.items():
            typer.echo(f"{each:<19} {_first_line(model)}")
    elif name not in CONTRACTS:
        from schemas.recipe.error import nearest

        hint = f"; did you mean {near}?" if (near := nearest(name, CONTRACTS)) else ""
        raise typer.BadParameter(f"no contract {name}{hint} (there are {', '.join(CONTRACTS)})")
    elif form is Format.json:
        typer.echo(json_schema(CONTRACTS[name]))
    elif name not in TABLES:
        raise typer.BadParameter(f"{name} is kept as JSON, not as Parquet: use --format json")
    else:
        typer.echo("\n".join(_lines(_arrow_schema(name, recipe))))


def _arrow_schema(name: str, recipe: str) -> "pa.Schema":
    from pipelines.engine.outputs.documents import document_schemas
    from schemas.arrow import arrow_schema
    from schemas.contamination import item_state_schema, match_schema
    from schemas.contracts import TABLES
    from schemas.document import dead_letter_schema
    from schemas.generation.rows import failed_schema, rejected_schema
    from schemas.recipe.error import RecipeError
    from schemas.recipe.load import load_recipe
    from schemas.recipe.signals import run_document_schema
    from schemas.summaries.row import row_schema

    alike = {
        "dead-letter": dead_letter_schema,
        "contamination-match": match_schema,
        "benchmark-item": item_state_schema,
        "tokens": lambda: arrow_schema(TABLES["tokens"]),
        "summary": row_schema,
        "rejected-sample": rejected_schema,
        "failed-request": failed_schema,
    }
    if name in alike:
        return alike[name]()
    try:
        loaded = load_recipe(recipe)
    except RecipeError as error:
        raise typer.BadParameter(str(error)) from error
    kept, dropped = document_schemas(run_document_schema(loaded))
    return kept if name == "document" else dropped


def _lines(fields: "pa.Schema | pa.StructType", indent: str = "") -> list[str]:
    """A line for each field: name, type, and what it means."""
    import pyarrow as pa

    lines = []
    for field in fields:
        is_struct = pa.types.is_struct(field.type)
        about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        meaning = about.get("description") or about.get("meaning", "")
        unit = f" [{about['unit']}]" if about.get("unit") else ""
        kind = f"{'struct' if is_struct else field.type}{'' if field.nullable else ' not null'}"
        lines.append(f"{f'{indent}{field.name}: {kind}{unit}':<48}  {meaning}".rstrip())
        lines += _lines(field.type, f"{indent}  ") if is_struct else []
    return lines


def _first_line(model: "type[BaseModel]") -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
