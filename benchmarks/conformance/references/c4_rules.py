"""C4 as TensorFlow Datasets codes it, and as datatrove does.

``c4_utils.py`` is loaded alone, without TensorFlow; the environment needs ``nltk==3.8.1`` (the version that
tensorflow-datasets pins), absl-py, xxhash and pyarrow, and these variables:

    C4_UTILS  tensorflow_datasets/text/c4_utils.py, out of the wheel of tensorflow-datasets 4.9.10
    PUNKT     NLTK's punkt_tab/english (package llama-index-core has it under _static/nltk_cache)
    LDNOOBW   the folder of word lists, one file a language
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace

import xxhash

Judge = Callable[[str], dict[str, object]]

ALLOWED = {"ja": {"sm", "グロ", "女の子"}, "zh": {"性"}}


def c4_tfds() -> Judge:
    """Judge of the page length and ``clean_page``; counts lines by reason where the page is kept."""
    utils = _c4_utils()
    utils.get_counter_inc_fn = lambda _: lambda _: None
    clean_page = utils.get_clean_page_fn()

    def judge(text: str) -> dict[str, object]:
        counts: Counter[str] = Counter()
        page = utils.PageFeatures(text=text)
        if not utils.is_valid_length(page):
            return {"reason": "characters", "edited": None}
        kept = list(clean_page(page, counter_inc_fn=lambda name: counts.update([name])))
        if not kept:
            (reason,) = (name for name in counts if name.startswith("filtered:"))
            return {"reason": reason.removeprefix("filtered:"), "edited": None}
        names = {
            "removed_long_word": "line-filtered:too_long_word",
            "removed_no_end_mark": "line-filtered:no_endmark",
            "removed_javascript": "line-filtered:javascript",
            "removed_policy": "line-filtered:policy",
            "lines": "line-passed",
        }
        values = {ours: counts[theirs] for ours, theirs in names.items()}
        return {"reason": None, "edited": _digest(kept[0].text), "values": values}

    return judge


def c4_datatrove() -> Judge:
    """Judge of ``C4QualityFilter`` as FineWeb runs it; this one runs in an environment with datatrove."""
    from datatrove.data import Document  # noqa: PLC0415
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415

    rules = C4QualityFilter(filter_no_terminal_punct=False)

    def judge(text: str) -> dict[str, object]:
        document = Document(text=text, id="")
        verdict = rules.filter(document)
        if verdict is True:
            return {"reason": None, "edited": _digest(document.text)}
        return {"reason": verdict[1], "edited": None}

    return judge


def bad_words() -> Judge:
    """Judge of the bad words: the reason lists the languages in which a text has one."""
    utils = _c4_utils()
    utils.get_counter_inc_fn = lambda _: lambda _: None
    lists: dict[str, set[str]] = defaultdict(set)
    for path in Path(os.environ["LDNOOBW"]).glob("*.txt"):
        lists[path.stem.split("-")[0]].update(line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    for language, allowed in ALLOWED.items():
        lists[language] -= allowed
    has_none = utils.get_badwords_filter_fn(lists)

    def judge(text: str) -> dict[str, object]:
        found = [code for code in sorted(lists) if not has_none(utils.PageFeatures(text=text, language=code))]
        return {"reason": " ".join(found) or None}

    return judge


def _c4_utils() -> ModuleType:
    tensorflow = SimpleNamespace(compat=SimpleNamespace(as_text=str))
    lazy = ModuleType("tensorflow_datasets.core.utils.lazy_imports_utils")
    lazy.tensorflow = tensorflow
    sys.modules |= {
        lazy.__name__: lazy,
        "tensorflow_datasets": ModuleType("tensorflow_datasets"),
        "tensorflow_datasets.public_api": ModuleType("tensorflow_datasets.public_api"),
    }
    spec = spec_from_file_location("c4_utils", os.environ["C4_UTILS"])
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module._load_sentence_tokenizer = _punkt
    return module


def _punkt() -> object:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # noqa: PLC0415

    def rows(name: str) -> list[list[str]]:
        lines = (Path(os.environ["PUNKT"]) / name).read_text(encoding="utf-8").split("\n")
        return [line.split("\t") for line in lines if line]

    parameters = PunktParameters()
    parameters.abbrev_types = {word for (word,) in rows("abbrev_types.txt")}
    parameters.collocations = {tuple(pair) for pair in rows("collocations.tab")}
    parameters.sent_starters = {word for (word,) in rows("sent_starters.txt")}
    parameters.ortho_context.update({word: int(flags) for word, flags in rows("ortho_context.tab")})
    return PunktSentenceTokenizer(parameters)


def _digest(text: str) -> str:
    return xxhash.xxh3_128_hexdigest(text.encode())
