"""The content filters and line modifiers of DCLM's RefinedWeb pipeline (dclm_baseline_refinedweb.yaml).

The environment needs nltk, uniseg, retrie, a fastText wheel, xxhash and pyarrow (the whole of DCLM's requirements do as
well), with DCLM's repository and its folder ``baselines`` on ``PYTHONPATH``; run in the repository's folder.
"""

from collections.abc import Callable

import xxhash
from baselines.mappers import modifiers
from baselines.mappers.enrichers import enrichers
from baselines.mappers.filters import content_filters

Judge = Callable[[str], dict[str, object]]
Step = tuple[str, Callable[[dict], list[dict]]]


def dclm() -> Judge:
    """Judge of the rules on content, on a text without addresses: quality, repetition."""
    return _judge([*_url_steps(), *_content_steps()])


def refinedweb() -> Judge:
    """Judge of the line modifiers and the rule on removed words, on any text."""
    return _judge([("newlines", modifiers.newline_removal_modifier(max_consecutive=2)), *_line_steps()])


def _url_steps() -> list[Step]:
    return [("urls", modifiers.url_removal_modifier())]


def _content_steps() -> list[Step]:
    filters = content_filters
    return [
        ("word_count", _with(filters.page_length_filter, length_type="word", min_length=50, max_length=100000,
                             ignore_punctuation=True)),
        ("mean_word_length", _with(filters.word_length_filter, min_length=3, max_length=10)),
        ("symbol_ratio", _with(filters.symbol_ratio_filter, max_symbol_to_word_ratio=0.1)),
        ("bullet_line_ratio", _with(filters.bullet_count_filter, max_bullet_start_ratio=0.9)),
        ("ellipsis_line_ratio", _with(filters.ellipsis_count_filter, max_ellipsis_end_ratio=0.3)),
        ("non_alphabetic_word_ratio", _with(filters.alphabetic_word_ratio_filter, max_ratio=0.2)),
        ("stop_word_count", _with(filters.stop_word_filter, count_unique=False, min_stop_word=2)),
        *_repetition_steps(),
    ]  # fmt: skip


def _repetition_steps() -> list[Step]:
    """The calls that ``massive_web_repetition_filters`` makes, one by one, to tell which of them drops the text."""

    def step(name: str, granularity: str | int, most: float, count_characters: bool = True) -> Step:
        def repeats(page: dict) -> list[dict]:
            cache = page.setdefault("cache", {})
            return content_filters.repetition_filter(page, granularity, most, count_characters, cache=cache)

        return name, repeats

    top, words = {2: 0.2, 3: 0.18, 4: 0.16}, {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}
    return [
        step("repeated_line_fraction", "line", 0.3, count_characters=False),
        step("repeated_paragraph_fraction", "paragraph", 0.3, count_characters=False),
        step("repeated_line_character_fraction", "line", 0.2),
        step("repeated_paragraph_character_fraction", "paragraph", 0.2),
        *(step(f"top_{n}gram_fraction", n, most) for n, most in top.items()),
        *(step(f"repeated_{n}gram_fraction", n, most) for n, most in words.items()),
    ]


def _line_steps() -> list[Step]:
    def cut(phrase: str, **where: str) -> Callable[[dict], list[dict]]:
        return modifiers.substring_line_modifier(phrase, max_length=10, remove_substring_only=True, **where)

    return [
        ("count", _with(enrichers.word_counter_enricher, key="before")),
        ("removed_words", _with(modifiers.uppercase_ratio_line_modifier, max_ratio=0.5)),
        ("removed_words", _with(modifiers.numeric_ratio_line_modifier, max_ratio=0.999999)),
        ("removed_words", modifiers.counter_line_modifier()),
        ("removed_words", _with(modifiers.line_length_modifier, min_length=2)),
        ("removed_words", cut("items in cart")),
        ("removed_words", cut("Read more...", location="suffix")),
        ("removed_words", cut("Sign-in", location="prefix")),
        ("removed_words", _with(content_filters.word_removal_ratio_filter, prev_word_count_key="before",
                                max_removed_ratio=0.05)),
    ]  # fmt: skip


def _with(function: Callable[..., list[dict]], **settings: object) -> Callable[[dict], list[dict]]:
    return lambda page: function(page, **settings)


def _judge(steps: list[Step]) -> Judge:
    def judge(text: str) -> dict[str, object]:
        page = {"text": text}
        for name, step in steps:
            if not step(page):
                return {"reason": name, "edited": None}
        return {"reason": None, "edited": xxhash.xxh3_128_hexdigest(page["text"].encode())}

    return judge
