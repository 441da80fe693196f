"""How text is taken out of HTML: the engine, its knobs, and what a page may cost."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.strict import StrictModel


class PageLimits(StrictModel):
    """What one page may cost; beyond it, the page becomes a dead letter and the work goes on."""

    time_limit_seconds: float = Field(default=10.0, gt=0, le=3600)
    """Longest extraction of one page, in seconds."""
    memory_limit_mb: int = Field(default=1024, ge=128)
    """Most memory that the extracting process may take, in MiB."""
    max_page_bytes: int = Field(default=20_000_000, ge=1024)
    """Longest page that is parsed, in bytes of decoded UTF-8 (trafilatura's own limit is 20 MB)."""
    max_nesting: int = Field(default=2_000, ge=16)
    """Deepest nesting of open tags; real pages stay under 300, deeper ones only exist to break parsers."""


class DateExtraction(StrictModel):
    """How htmldate finds a page's date (trafilatura's ``date_extraction_params``)."""

    extensive_search: bool = True
    """Look into the text if the markup names no date."""
    original_date: bool = True
    """Prefer the day of first publication to that of the last change."""
    min_date: date | None = None
    """Refuse earlier days; null: htmldate's own limit, 1995."""
    max_date: date | None = None
    """Refuse later days; null: the day the page was fetched, so that a run on another day finds the same."""


class TrafilaturaSettings(PageLimits):
    """Every knob of ``trafilatura.extract`` 2.3 that plain text or Markdown output has.

    Source: https://trafilatura.readthedocs.io/en/latest/corefunctions.html#extract. Names and defaults are its own,
    but ``include_comments``. Left out: what belongs to one page (``url``, ``record_id``), to other output forms
    (``tei_validation``) or is deprecated (``no_fallback``).
    """

    engine: Literal["trafilatura"] = "trafilatura"
    output_format: Literal["txt", "markdown"] = "txt"
    """Plain text or Markdown."""
    favor_precision: bool = False
    """Less text, but surely from the body."""
    favor_recall: bool = False
    """More text when unsure."""
    fast: bool = False
    """Leave out the comparison with readability and jusText: a quarter faster, F1 0.03 lower."""
    include_comments: bool = False
    """Keep readers' comments (trafilatura: true; every published corpus leaves them out)."""
    include_tables: bool = True
    """Keep the text of tables."""
    include_images: bool = False
    """Keep images as Markdown."""
    include_formatting: bool | None = None
    """Keep bold, headings and lists as Markdown; null: only if the output is Markdown."""
    include_links: bool = False
    """Keep links with their targets."""
    deduplicate: bool = False
    """Remove segments that repeat within one page (trafilatura's own memory of other pages would make the result depend
    on their order)."""
    target_language: str | None = Field(default=None, pattern="^[a-z]{2}$")
    """Refuse pages in another language, ISO 639-1; the step ``language`` does it better and says why."""
    with_metadata: bool = False
    """Find title, author and date with trafilatura and htmldate (12 ms more a page); false: read what the markup states
    (0.6 ms)."""
    only_with_metadata: bool = False
    """Refuse pages without date, title or address."""
    date_extraction_params: DateExtraction = DateExtraction()
    """How the date is found."""
    url_blacklist: tuple[str, ...] = ()
    """Refuse pages whose canonical address is one of these."""
    author_blacklist: tuple[str, ...] = ()
    """Names that are never an author."""
    prune_xpath: tuple[str, ...] = ()
    """Elements to cut before extraction, as XPath."""
    min_extracted_size: int = Field(default=250, ge=0)
    """Shorter results are tried again with the fallbacks; characters (settings.cfg)."""
    min_output_size: int = Field(default=1, ge=0)
    """Refuse texts shorter than this; characters (settings.cfg)."""
    min_output_comm_size: int = Field(default=1, ge=0)
    """The same for comments (settings.cfg)."""
    min_duplcheck_size: int = Field(default=100, ge=0)
    """Shortest segment that ``deduplicate`` looks at; characters (settings.cfg)."""
    max_repetitions: int = Field(default=2, ge=0)
    """How often a segment may come before ``deduplicate`` removes it (settings.cfg)."""
    max_tree_size: int | None = Field(default=None, ge=1)
    """Refuse results of more elements than this (settings.cfg)."""

    @model_validator(mode="after")
    def _one_favourite(self) -> Self:
        if self.favor_precision and self.favor_recall:
            raise ValueError("favor_precision and favor_recall exclude each other: switch one of them off")
        return self


class ResiliparseSettings(PageLimits):
    """Every knob of ``resiliparse.extract.html2text.extract_plain_text`` 2.0; names and defaults are its own, but
    ``main_content``.

    Source: https://resiliparse.chatnoir.eu/en/stable/man/extract/html2text.html.
    """

    engine: Literal["resiliparse"] = "resiliparse"
    preserve_formatting: bool | Literal["minimal_html"] = True
    """Keep paragraphs, lists and line breaks; ``minimal_html`` keeps their tags too."""
    main_content: bool = True
    """Only the body of the page, not its navigation (resiliparse: false)."""
    list_bullets: bool = True
    """Mark list items by bullets and numbers."""
    alt_texts: bool = True
    """Keep images' alternative texts."""
    links: bool = False
    """Keep links' targets."""
    form_fields: bool = False
    """Keep form fields and their values."""
    noscript: bool = False
    """Keep what is shown without scripts."""
    comments: bool = True
    """Count comment sections as content."""
    post_meta: bool = True
    """Keep bylines and dates of posts."""
    hidden_elements: bool = False
    """Keep elements whose class says that they are hidden."""
    skip_elements: tuple[str, ...] = ()
    """Elements to leave out, as CSS selectors."""


class OrchardSettings(PageLimits):
    """Our own engine: a classifier of blocks of text, trained on labelled pages (``orchard train extractor``)."""

    engine: Literal["orchard"] = "orchard"
    output_format: Literal["txt", "markdown"] = "txt"
    """Plain text, a line a paragraph; or Markdown."""
    include_tables: bool = True
    """Keep the text of tables."""
    include_links: bool = False
    """Keep links with their targets, in Markdown."""
    comments: Literal["drop", "keep"] = "drop"
    """Readers' comments below an article. Where the discussion is what a page is about, as in forums, it is its text in
    any case."""
    fallback: Literal["trafilatura", "none"] = "trafilatura"
    """Who extracts a page that the model is not sure of; none: the model all the same."""
    min_confidence: float = Field(default=0.45, ge=0, le=1)
    """Pages whose text is expected to have a lower F1 than this go to ``fallback``: 0.5 % of all, which are unlike any
    that the model knows. On more of them, trafilatura is no better (benchmarks/extraction/README.md)."""
    model: str | None = None
    """File of a model that ``orchard train extractor`` wrote; null: the one that comes with the program."""


SingleEngineSettings = Annotated[
    TrafilaturaSettings | ResiliparseSettings | OrchardSettings, Field(discriminator="engine")
]


class CombinedSettings(PageLimits):
    """Two engines on every page: the union of their lines loses least, their agreement is the surest text.

    It costs what both engines cost. Metadata are those of the first one.
    """

    engine: Literal["union", "agreement"]
    first: SingleEngineSettings = OrchardSettings()
    """The engine whose lines, and whose order, come first. Its limits are not used, but those given here."""
    second: SingleEngineSettings = TrafilaturaSettings()
    """The other one."""

    @model_validator(mode="after")
    def _plain_text(self) -> Self:
        for name in ("first", "second"):
            settings = getattr(self, name)
            if getattr(settings, "output_format", "txt") != "txt":
                raise ValueError(f"{name}.output_format must be txt: texts are put together line by line")
        return self


EngineSettings = TrafilaturaSettings | ResiliparseSettings | OrchardSettings | CombinedSettings
ExtractSettings = Annotated[EngineSettings, Field(discriminator="engine")]
"""Settings of one of the extraction engines, or of two together."""
