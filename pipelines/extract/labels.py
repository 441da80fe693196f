"""Labels: what is known of a page, an object a line in JSON lines (plain, .gz or .zst), a line a page.

- ``record_id``: the page's WARC-Record-ID, or ``url``: its address (then the label holds for every capture of it);
- ``text``: what a reader came for, all of it and nothing else. Words count, lines do not;
- ``with``, ``without``: instead, or besides, lists of passages that must and must not be in the text;
- ``kind``: how far to trust it (``Kind``); without it, ``full_text`` where there is a text, else ``snippets``;
- ``title``, ``author`` (one, or a list), ``date`` (YYYY-MM-DD), ``sitename``: metadata, where they are known;
- ``source``, ``site``, ``page_type``, ``lang``, ``licence``: what results are grouped by. Without ``site``, it is the
  registered domain of the address. They may also stand in files of their own, an index with a line a page.

Fields of other names are ignored. The least that works is ``{"url": "https://a.example/", "text": "Hello."}``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

import fsspec
import tldextract
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from filters.errors import SettingError
from pipelines.read.files import InputFile, find_inputs
from schemas.validation.violation import show

Kind = Literal[
    "full_text", "snippets", "markdown", "expected_html", "recipe_fields", "extractor_output", "text_prefix"
]  # fmt: skip
"""full_text: all of it, by a person or from the site's own feed. snippets: passages. markdown, expected_html: all of
it, marked up. recipe_fields: parts. extractor_output: another program's opinion. text_prefix: how it begins."""
GROUPS = ("source", "site", "page_type", "lang", "licence")
"""The fields that an index may give."""

_registered = tldextract.TLDExtract(suffix_list_urls=())
"""Only the list inside the package: no network."""


class LabelError(SettingError):
    """Labels, or pages for them, that cannot be used; names file, line and value, and the way out."""


def _as_tuple(value: object) -> object:
    """A list; one text stands for a list of it."""
    return (value,) if isinstance(value, str) else value


Strings = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Label(BaseModel):
    """What is known of one page; empty where nothing is."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    record_id: str = ""
    url: str = ""
    kind: Kind = "snippets"
    text: str = ""
    html: str = ""
    """What the kind ``expected_html`` has for a text."""
    wanted: Strings = Field(default=(), alias="with")
    unwanted: Strings = Field(default=(), alias="without")
    title: str = ""
    author: Strings = ()
    date: str = ""
    sitename: str = ""
    source: str = ""
    site: str = ""
    page_type: str = ""
    lang: str = ""
    licence: str = ""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, values: object) -> object:
        """Null is as good as no field, and a text is a full text if nothing else is said."""
        if not isinstance(values, dict):
            return values
        given = {name: value for name, value in values.items() if value is not None}
        return {"kind": "full_text", **given} if given.get("text") else given

    @model_validator(mode="after")
    def _names_a_page(self) -> Self:
        if not self.key:
            raise ValueError("neither record_id nor url says which page it is for")
        return self

    @property
    def key(self) -> str:
        """The record id of its page, else the address."""
        return self.record_id or self.url

    @property
    def has_full_text(self) -> bool:
        """Whether ``text`` is all there is to find, so that F1 means something."""
        return self.kind == "full_text" and bool(self.text.strip())


def read_labels(truth: Sequence[str], index: Sequence[str] = ()) -> dict[str, Label]:
    """The labels in the files of ``truth`` by their keys; what of ``GROUPS`` they lack is taken from ``index``.

    Both are paths or patterns, local or remote.

    Raises:
        InputError: a pattern without a file.
        LabelError: a line that is no label, a second label for a page, or no label at all.
    """
    groups = read_index(index)
    labels: dict[str, Label] = {}
    places: dict[str, str] = {}
    for place, label in _lines(truth):
        if label.key in places:
            raise LabelError(f"{place}: {label.key} has a label in {places[label.key]} already; keep one of them")
        places[label.key] = place
        known = groups.get(label.key) or groups.get(label.url) or label
        filled = {name: getattr(label, name) or getattr(known, name) for name in GROUPS}
        filled["site"] = filled["site"] or registered_domain(label.url or known.url)
        labels[label.key] = label.model_copy(update=filled)
    if not labels:
        raise LabelError(f"{', '.join(truth)}: there is not one label in it")
    return labels


def read_index(index: Sequence[str]) -> dict[str, Label]:
    """The lines of index files by their keys. Raises ``InputError``, ``LabelError``."""
    return {line.key: line for _, line in _lines(index)} if index else {}


def unknown(record_id: str, url: str, groups: Mapping[str, Label]) -> Label:
    """The label of a page of which nothing is known but what the index says of it."""
    named = {"record_id": record_id, "url": url}
    known = groups.get(record_id) or groups.get(url)
    filled = {name: getattr(known, name) for name in GROUPS} if known else {}
    return Label.model_validate({**filled, **named, "site": filled.get("site") or registered_domain(url)})


def registered_domain(url: str) -> str:
    """The part of an address that one owner has, such as ``bbc.co.uk``; the host where there is none."""
    name = _registered(url)
    return name.top_domain_under_public_suffix or ".".join(filter(None, (name.subdomain, name.domain, name.suffix)))


def _lines(patterns: Sequence[str]) -> Iterator[tuple[str, Label]]:
    """(file:line, label) of all lines that are not blank. Raises ``InputError``, ``LabelError``."""
    for file in find_inputs(patterns):
        if file.format != "jsonl":
            raise LabelError(f"{file.uri}: labels are read from JSON lines (.jsonl, .jsonl.gz, .jsonl.zst)")
        for number, line in enumerate(_read_lines(file), 1):
            if line.strip():
                place = f"{file.uri}:{number}"
                yield place, _parse(line, place)


def _read_lines(file: InputFile) -> Iterator[str]:
    try:
        with fsspec.open(file.uri, "rt", encoding="utf-8-sig", compression="infer") as stream:
            yield from stream
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise LabelError(f"{file.uri}: cannot be read: {error}. Fetch or write it again") from error


def _parse(line: str, place: str) -> Label:
    try:
        return Label.model_validate_json(line)
    except ValidationError as error:
        raise LabelError("\n".join(f"{place}: {_say(problem)}" for problem in error.errors())) from error


def _say(problem: ErrorDetails) -> str:
    field = ".".join(map(str, problem["loc"]))
    said = (field, show(problem["input"]), problem["msg"].removeprefix("Value error, "))
    return ": ".join(filter(None, said))
