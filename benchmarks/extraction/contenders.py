"""The engines that are compared, each as a function of one decoded page, as its own documentation says to call it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks.extraction.folds import FOLDS, fold_of, model_path
from pipelines.extract.engines.orchard import assemble, load_classifier
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.labelled import LabelledPage
from schemas.recipe.extract import OrchardSettings

Extract = Callable[[LabelledPage], str]
"""The main text of a page; of its label, engines see site and language only."""
INSTALL = "pip install 'orchard[benchmarks]'"


def language(labelled: LabelledPage) -> str:
    """The language without region, such as ``en``; "" if unknown."""
    return labelled.label.lang.lower().replace("_", "-").split("-")[0]


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine in one mode."""

    name: str
    package: str
    """The library, with its version."""
    extract: Extract


def prepare_contenders(names: Sequence[str], folds: Path | None) -> tuple[list[Contender], list[str]]:
    """The contenders whose name contains one of ``names`` (all if there are none), and why others are left out.

    With a folder of models for ``folds``, ``orchard`` is those models, each for the pages whose sites it has not seen.
    """
    ready, left_out = [], []
    for name, (package, prepare) in {**_orchards(folds), **OTHERS}.items():
        if names and not any(each in name for each in names):
            continue
        try:
            ready.append(Contender(name, f"{package} {version(package)}", prepare()))
        except ImportError as error:  # also if a package's version is not known
            left_out.append(f"{name}: not installed ({error}); {INSTALL}")
    return ready, left_out


def _orchards(folds: Path | None) -> "Makers":
    """Our engine as it runs (with metadata), without metadata, and with Markdown."""
    engines = {"orchard": {}, "orchard, text alone": None, "orchard, Markdown": {"output_format": "markdown"}}
    return {name: ("orchard", partial(_by_fold, settings, folds)) for name, settings in engines.items()}


def _by_fold(settings: dict[str, object] | None, folds: Path | None) -> Extract:
    """An engine, or one for each fold of sites; ``None``: the classifier and the text that it keeps, nothing else."""
    models = [str(model_path(folds, fold)) for fold in range(FOLDS)] if folds else [None]
    engines = [_text_alone(model) if settings is None else _orchard(model=model, **settings) for model in models]
    return lambda labelled: engines[fold_of(labelled) if folds else 0](labelled)


def _text_alone(model: str | None) -> Extract:
    settings = OrchardSettings(model=model)
    classifier = load_classifier(settings)
    return lambda labelled: assemble(classifier.judge(labelled.page.html), settings)


def _orchard(**settings: object) -> Extract:
    engine = prepare_engine(MODULES["orchard"], OrchardSettings.model_validate(settings))
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
