"""The engines that are compared, each as a function of one decoded page, as its own documentation says to call it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

import xxhash

from pipelines.extract.engines.orchard import assemble, load_classifier
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.labelled import LabelledPage
from schemas.recipe.extract import OrchardSettings

EXTRACT = Path(__file__).resolve().parents[2] / "pipelines" / "extract"
INSTALL = "pip install 'orchard[benchmarks]'"

Extract = Callable[[LabelledPage], str]
"""The main text of a page; of its label, engines see site and language only."""
Way = Callable[[str | None], Extract]
"""Our engine with a model, or with the shipped one."""


def language(labelled: LabelledPage) -> str:
    """The language without region, such as ``en``; "" if unknown."""
    return labelled.label.lang.lower().replace("_", "-").split("-")[0]


class Contender(NamedTuple):
    """An engine in one mode."""

    name: str
    package: str
    """The library, with its version."""
    version: str
    """What its results depend on: the library, how it is called, and the models that it uses."""
    prepare: Callable[[], Extract]
    """Ready to extract. Raises ``ImportError`` where something is not installed."""


class Folds(NamedTuple):
    """Models of ``orchard`` for cross-validation."""

    version: str
    """What they depend on."""
    models: Callable[[], Sequence[Path]]
    """Trained, if they are not there."""
    fold_of: Callable[[LabelledPage], int]
    """Which of them has not seen the site of a page."""


def find_contenders(names: Sequence[str], folds: Folds | None) -> tuple[list[Contender], list[str]]:
    """The contenders whose name contains one of ``names`` (all if there are none), and why others are left out.

    With ``folds``, ``orchard`` is those models, each for the pages whose sites it has not seen, and the shipped model
    comes besides.
    """
    found, left_out = [], []
    for name, (package, prepare) in {**_orchards(folds), **OTHERS}.items():
        if names and not any(each in name for each in names):
            continue
        try:
            release = f"{package} {version(package)}"
        except PackageNotFoundError:
            left_out.append(f"{name}: not installed; {INSTALL}")
            continue
        depends = [release, _digest([Path(__file__)])]  # the last: how it is called
        if package == "orchard":
            depends += [code_digest(), _digest(EXTRACT.rglob("*.npz")), folds.version if folds else ""]
        found.append(Contender(name, release, " ".join(depends), prepare))
    return found, left_out


def code_digest() -> str:
    """Of the program's code for extraction and training; a change elsewhere is not noticed."""
    return _digest(EXTRACT.rglob("*.py"))


def _digest(paths: Iterable[Path]) -> str:
    digest = xxhash.xxh3_64()
    for path in sorted(paths):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _orchards(folds: Folds | None) -> "Makers":
    """Our engine as it runs (with metadata), without metadata, and with Markdown."""
    ways: dict[str, Way] = {
        "orchard": partial(_orchard, "txt"),
        "orchard, text alone": _text_alone,
        "orchard, Markdown": partial(_orchard, "markdown"),
    }
    if folds is None:
        return {name: ("orchard", partial(way, None)) for name, way in ways.items()}
    by_fold: Makers = {name: ("orchard", partial(_by_fold, way, folds)) for name, way in ways.items()}
    return {**by_fold, "orchard, shipped model": ("orchard", partial(_orchard, "txt", None))}


def _by_fold(way: "Way", folds: Folds) -> Extract:
    engines = [way(str(path)) for path in folds.models()]
    return lambda labelled: engines[folds.fold_of(labelled)](labelled)


def _text_alone(model: str | None) -> Extract:
    """The classifier and the text that it keeps, nothing else."""
    settings = OrchardSettings(model=model)
    classifier = load_classifier(settings)
    return lambda labelled: assemble(classifier.judge(labelled.page.html), settings)


def _orchard(output_format: Literal["txt", "markdown"], model: str | None) -> Extract:
    engine = prepare_engine(MODULES["orchard"], OrchardSettings(output_format=output_format, model=model))
    return lambda labelled: engine(labelled.page.html, labelled.page.url, labelled.page.fetched).text


def _trafilatura(**mode: bool) -> Extract:
    from trafilatura import extract  # noqa: PLC0415 (skipped where it is not installed)

    return lambda labelled: extract(labelled.page.html, url=labelled.page.url, include_comments=False, **mode) or ""


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return lambda labelled: extract_plain_text(labelled.page.html, main_content=True)


def _readability() -> Extract:
    from readability import Document  # noqa: PLC0415
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    # It gives HTML; the text of it is taken as a browser shows it.
    return lambda labelled: extract_plain_text(Document(labelled.page.html).summary(), alt_texts=False)


def _justext() -> Extract:
    import justext  # noqa: PLC0415

    languages = {"en": "English", "de": "German", "pl": "Polish", "ru": "Russian", "el": "Greek", "fr": "French",
                 "es": "Spanish", "pt": "Portuguese", "it": "Italian", "nl": "Dutch", "ar": "Arabic", "da": "Danish",
                 "id": "Indonesian", "ko": "Korean", "cs": "Czech", "sv": "Swedish", "tr": "Turkish", "sk": "Slovak",
                 "hr": "Croatian", "hu": "Hungarian", "lv": "Latvian", "is": "Icelandic"}  # fmt: skip
    stop_words = {code: justext.get_stoplist(name) for code, name in languages.items()}

    def extract(labelled: LabelledPage) -> str:
        words = stop_words.get(language(labelled))
        # Without a list of the language, as its documentation says: decide by length and links alone.
        bounds = {} if words else {"stopwords_low": 0, "stopwords_high": 0}
        paragraphs = justext.justext(labelled.page.html, words or frozenset(), **bounds)
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    return extract


def _boilerpy3() -> Extract:
    from boilerpy3.extractors import ArticleExtractor  # noqa: PLC0415

    extractor = ArticleExtractor(raise_on_failure=False)
    return lambda labelled: extractor.get_content(labelled.page.html)


Makers = dict[str, tuple[str, Callable[[], Extract]]]
"""Name → package, and what prepares it."""
OTHERS: Makers = {
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura, precision": ("trafilatura", partial(_trafilatura, favor_precision=True)),
    "trafilatura, recall": ("trafilatura", partial(_trafilatura, favor_recall=True)),
    "trafilatura, fast": ("trafilatura", partial(_trafilatura, fast=True)),
    "resiliparse": ("resiliparse", _resiliparse),
    "readability-lxml": ("readability-lxml", _readability),
    "jusText": ("justext", _justext),
    "boilerpy3": ("boilerpy3", _boilerpy3),
}
