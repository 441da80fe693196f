"""`orchard card`: what a data set is, for people and for catalogues."""

from typing import Annotated

import typer


def card(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a finished run: it gets both files.")],
    made_from: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="DIR", help="Folders of the runs before: their recipes and licences count too."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What it is called. [default: the name of the folder]")] = None,
    license: Annotated[
        str | None,
        typer.Option("--license", metavar="ID", help="Of the collection, as Hugging Face names it: odc-by."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where it is published.")] = None,
) -> None:
    """Write README.md (a Hugging Face dataset card) and croissant.json, from the manifest and the files themselves.

    For documents, token shards, packed shards, exports and generated samples: rows, tokens, sources, languages,
    licences, gates, the whole recipe, fingerprints and seeds. The folder can be uploaded as it is: `datasets` finds its
    files by the header.

    \b
    Examples:
      orchard card out --name "My crawl" --license odc-by
      orchard card mixed --from tokens --from out
    """
    from pipelines.card.write import write_card

    for path in write_card(folder, made_from or [], name, license, url):
        typer.echo(path)
