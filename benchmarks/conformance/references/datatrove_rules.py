"""The Gopher and FineWeb filters of datatrove (Apache-2.0, https://github.com/huggingface/datatrove)."""

from collections.abc import Callable
from contextlib import suppress

from datatrove.data import Document
from datatrove.pipeline.filters import FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.filters.base_filter import BaseFilter
from references.probe import Probe

Judge = Callable[[str], dict[str, object]]


def gopher() -> Judge:
    """Judge of ``GopherQualityFilter``; one limit serves two of its ratios, in this order."""
    probes = {
        "word_count": Probe(),
        "mean_word_length": Probe(),
        "hash_ratio ellipsis_ratio": Probe(),
        "bullet_line_ratio": Probe(),
        "ellipsis_line_ratio": Probe(),
        "alphabetic_word_ratio": Probe(),
        "stop_word_count": Probe(),
    }
    probing = GopherQualityFilter(
        min_doc_words=probes["word_count"],
        max_doc_words=None,
        min_avg_word_length=probes["mean_word_length"],
        max_avg_word_length=None,
        max_symbol_word_ratio=probes["hash_ratio ellipsis_ratio"],
        max_bullet_lines_ratio=probes["bullet_line_ratio"],
        max_ellipsis_lines_ratio=probes["ellipsis_line_ratio"],
        max_non_alpha_words_ratio=probes["alphabetic_word_ratio"],
        min_stop_words=probes["stop_word_count"],
    )
    return _judge(GopherQualityFilter(), probing, probes)


def repetition() -> Judge:
    """Judge of ``GopherRepetitionFilter``."""
    names = ["paragraph_fraction", "paragraph_character_fraction", "line_fraction", "line_character_fraction"]
    probes = {f"duplicate_{name}": Probe() for name in names}
    top = {f"top_{n}gram_fraction": Probe() for n in (2, 3, 4)}
    duplicated = {f"duplicate_{n}gram_fraction": Probe() for n in range(5, 11)}
    probing = GopherRepetitionFilter(
        dup_para_frac=probes["duplicate_paragraph_fraction"],
        dup_para_char_frac=probes["duplicate_paragraph_character_fraction"],
        dup_line_frac=probes["duplicate_line_fraction"],
        dup_line_char_frac=probes["duplicate_line_character_fraction"],
        top_n_grams=tuple(zip((2, 3, 4), top.values(), strict=True)),
        dup_n_grams=tuple(zip(range(5, 11), duplicated.values(), strict=True)),
    )
    return _judge(GopherRepetitionFilter(), probing, {**probes, **top, **duplicated})


def fineweb() -> Judge:
    """Judge of ``FineWebQualityFilter``."""
    probes = {
        "punctuated_line_ratio": Probe(),
        "short_line_ratio": Probe(),
        "duplicate_character_ratio": Probe(),
        "newline_ratio": Probe(),
    }
    probing = FineWebQualityFilter(
        line_punct_thr=probes["punctuated_line_ratio"],
        short_line_thr=probes["short_line_ratio"],
        char_duplicates_ratio=probes["duplicate_character_ratio"],
        new_line_ratio=probes["newline_ratio"],
    )
    return _judge(FineWebQualityFilter(), probing, probes)


def _judge(rules: BaseFilter, probing: BaseFilter, probes: dict[str, Probe]) -> Judge:
    def judge(text: str) -> dict[str, object]:
        document = Document(text=text, id="")
        for probe in probes.values():
            probe.seen.clear()
        # A text without words or lines ends in a division by zero: the numbers measured so far stand.
        with suppress(ZeroDivisionError):
            probing.filter(document)
        values = {}
        for names, probe in probes.items():
            values.update(zip(names.split(), probe.seen, strict=False))
        verdict = rules.filter(document)
        return {"reason": None if verdict is True else verdict[1], "values": values}

    return judge
