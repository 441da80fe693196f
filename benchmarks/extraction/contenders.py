"""The engines that are compared, each as a function of one decoded page, as its own documentation says to call it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from pydantic import TypeAdapter

from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.page import Page
from schemas.recipe.extract import ExtractSettings

Extract = Callable[[Page, str], str]
"""The main text of a page whose declared language is given ("" if unknown)."""
INSTALL = "pip install 'orchard[benchmarks]'"


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine in one mode."""

    name: str
    package: str
    """The library, with its version."""
    extract: Extract


def prepare_contenders(names: Sequence[str] = ()) -> tuple[list[Contender], list[str]]:
    """The contenders whose name contains one of ``names`` (all if there are none), and why others are left out."""
    ready, left_out = [], []
    for name, (package, prepare) in MAKERS.items():
        if names and not any(each in name for each in names):
            continue
        try:
            ready.append(Contender(name, f"{package} {version(package)}", prepare()))
        except (ImportError, KeyError) as error:  # PackageNotFoundError is an ImportError
            left_out.append(f"{name}: not installed ({error}); {INSTALL}")
    return ready, left_out


def _orchard() -> Extract:
    module = MODULES["orchard"]
    engine = prepare_engine(module, TypeAdapter(ExtractSettings).validate_python({"engine": "orchard"}))
    return lambda page, lang: engine(page.html, page.url, page.fetched).text


def _trafilatura(**mode: bool) -> Extract:
    from trafilatura import extract  # noqa: PLC0415 (skipped where it is not installed)

    return lambda page, lang: extract(page.html, url=page.url, include_comments=False, **mode) or ""


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return lambda page, lang: extract_plain_text(page.html, main_content=True)


def _readability() -> Extract:
    from readability import Document  # noqa: PLC0415
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    # It gives HTML; the text of it is taken as a browser shows it.
    return lambda page, lang: extract_plain_text(Document(page.html, url=page.url).summary(), alt_texts=False)


def _justext() -> Extract:
    import justext  # noqa: PLC0415

    languages = {"en": "English", "de": "German", "pl": "Polish", "ru": "Russian", "el": "Greek", "fr": "French",
                 "es": "Spanish", "pt": "Portuguese", "it": "Italian", "nl": "Dutch", "ar": "Arabic", "da": "Danish",
                 "id": "Indonesian", "ko": "Korean", "cs": "Czech", "sv": "Swedish", "tr": "Turkish", "sk": "Slovak",
                 "hr": "Croatian", "hu": "Hungarian", "lv": "Latvian", "is": "Icelandic"}  # fmt: skip
    stop_words = {code: justext.get_stoplist(name) for code, name in languages.items()}

    def extract(page: Page, lang: str) -> str:
        words = stop_words.get(lang)
        # Without a list of the language, as its documentation says: decide by length and links alone.
        bounds = {} if words else {"stopwords_low": 0, "stopwords_high": 0}
        paragraphs = justext.justext(page.html, words or frozenset(), **bounds)
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    return extract


def _boilerpy3() -> Extract:
    from boilerpy3.extractors import ArticleExtractor  # noqa: PLC0415

    extractor = ArticleExtractor(raise_on_failure=False)
    return lambda page, lang: extractor.get_content(page.html)


MAKERS: dict[str, tuple[str, Callable[[], Extract]]] = {
    "orchard": ("orchard", _orchard),
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura, precision": ("trafilatura", partial(_trafilatura, favor_precision=True)),
    "trafilatura, recall": ("trafilatura", partial(_trafilatura, favor_recall=True)),
    "trafilatura, fast": ("trafilatura", partial(_trafilatura, fast=True)),
    "resiliparse": ("resiliparse", _resiliparse),
    "readability-lxml": ("readability-lxml", _readability),
    "jusText": ("justext", _justext),
    "boilerpy3": ("boilerpy3", _boilerpy3),
}
"""Name → package, and what prepares it."""
