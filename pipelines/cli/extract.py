"""``orchard extract``: one page, what was kept, cut, and why."""

import re
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from pipelines.extract.page_view import BlockView, PageView

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What could steer a terminal."""
FIELDS = ("title", "author", "date", "site_name", "language", "canonical_url")
LONGEST_LINE = 160


def extract(  # noqa: PLR0917 (every option is a parameter)
    source: Annotated[str, typer.Argument(metavar="FILE|URL|WARC", help="An HTML file, an address, or a WARC file.")],
    engine: Annotated[
        Literal["orchard", "trafilatura", "resiliparse"], typer.Option(help="The engine, with its usual settings.")
    ] = "orchard",
    record: Annotated[int | None, typer.Option(min=1, help="Of a WARC file: this page of it, from 1.")] = None,
    url_filter: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Of a WARC file: only pages with this in their address.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the extracted text, nothing else.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page as Markdown, nothing else.")] = False,
    comments: Annotated[
        bool, typer.Option("--comments", help="Print what readers wrote below it, nothing else (engine orchard).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show what is extracted from one page: metadata, then every block of text with + kept or - cut.

    The engine orchard says how likely each block is content, and which feature spoke most for the decision (its value
    and the usual one on the page); its confidence is the F1 that it expects. A page is extracted in this process, not
    in the sandbox of a run.

    \b
    Examples:
      orchard extract page.html
      orchard extract https://www.example.org/ --markdown
      orchard extract crawl-00.warc.gz --url-filter /news/ --record 3 --engine trafilatura
      orchard extract page.html --json | jq '.blocks[] | select(.kept | not)'
    """
    from pydantic import TypeAdapter

    from filters.errors import SettingError
    from pipelines.extract.one_page import load_page
    from pipelines.extract.page_view import view_page
    from schemas.recipe.extract import ExtractSettings

    if text + markdown + comments + as_json > 1:
        raise SettingError("--text, --markdown, --comments and --json exclude each other: give one of them")
    if comments and engine != "orchard":
        raise SettingError(f"--comments: the engine {engine} does not tell comments from the rest; leave out --engine")
    page = load_page(source, record, url_filter)
    view = view_page(page, TypeAdapter(ExtractSettings).validate_python({"engine": engine}))
    if as_json:
        typer.echo(_as_json(view))
    elif text or markdown or comments:
        typer.echo(_safe(view.markdown if markdown else view.comments if comments else view.found.text))
    else:
        _show(view)


def _as_json(view: "PageView") -> str:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(view), ensure_ascii=False, indent=2)


def _show(view: "PageView") -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for name in ("url", *FIELDS):
        value = view.url if name == "url" else getattr(view.found, name)
        if value:
            console.print(f"{name:14}", style="bold", end="", markup=False)
            console.print(_safe(value), markup=False)
    console.print("extraction    ", style="bold", end="")
    console.print(_summary(view), markup=False)
    console.print()
    for block in view.blocks:
        if block.text:
            console.print(_line(block))


def _summary(view: "PageView") -> str:
    kept = sum(len(block.text) for block in view.blocks if block.kept)
    count = sum(block.kept for block in view.blocks)
    said = f"{view.engine}: {count} of {len(view.blocks)} blocks, {kept:,} of {_characters(view):,} characters"
    if view.confidence is not None:
        said += f"; confidence {view.confidence:.2f}"
    if view.is_from_data:
        said += f"; the text is the article in the page's data, {len(view.found.text):,} characters"
    if view.comments:
        said += f"; readers' comments (--comments): {len(view.comments):,} characters"
    return said + (f": not sure, so {view.routed_to} extracted it" if view.routed_to else "")


def _characters(view: "PageView") -> int:
    return sum(len(block.text) for block in view.blocks)


def _line(block: "BlockView") -> "Text":
    from rich.text import Text

    color = "green" if block.kept else "red"
    said = "" if block.probability is None else f" {block.probability:4.2f}"
    words = " ".join(_safe(block.text).split())
    shown = words if len(words) <= LONGEST_LINE else f"{words[: LONGEST_LINE - 3]}..."
    line = Text(f"{'+' if block.kept else '-'}{said} ", style=color)
    line.append(shown, style="" if block.kept else "dim")
    return line.append(f"  {block.reason}", style="cyan") if block.reason else line


def _safe(text: str) -> str:
    return CONTROL.sub("\ufffd", text)
