"""Which of our rules each reason of a reference stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.step import Step
from schemas.steps.fineweb import FineWebQuality
from schemas.steps.gopher import GopherQuality, GopherRepetition


@dataclass(frozen=True)
class Family:
    """Our steps for one reference, and the code of the rule for each reason that it gives."""

    steps: Sequence[Step]
    reasons: Mapping[str, str]


FAMILIES = {
    "gopher": Family(
        [GopherQuality()],
        {
            "gopher_short_doc": "gopher.word_count",
            "gopher_long_doc": "gopher.word_count",
            "gopher_below_avg_threshold": "gopher.mean_word_length",
            "gopher_above_avg_threshold": "gopher.mean_word_length",
            "gopher_too_many_hashes": "gopher.hash_ratio",
            "gopher_too_many_ellipsis": "gopher.ellipsis_ratio",
            "gopher_too_many_bullets": "gopher.bullet_line_ratio",
            "gopher_too_many_end_ellipsis": "gopher.ellipsis_line_ratio",
            "gopher_below_alpha_threshold": "gopher.alphabetic_word_ratio",
            "gopher_enough_stop_words": "gopher.stop_word_count",
        },
    ),
    "repetition": Family(
        [GopherRepetition()],
        {
            "empty": "repetition.character_count",
            "dup_para_frac": "repetition.duplicate_paragraph_fraction",
            "dup_para_char_frac": "repetition.duplicate_paragraph_character_fraction",
            "dup_line_frac": "repetition.duplicate_line_fraction",
            "dup_line_char_frac": "repetition.duplicate_line_character_fraction",
            **{f"top_{n}_gram": f"repetition.top_{n}gram_fraction" for n in (2, 3, 4)},
            **{f"duplicated_{n}_n_grams": f"repetition.duplicate_{n}gram_fraction" for n in range(5, 11)},
        },
    ),
    "fineweb": Family(
        [FineWebQuality()],
        {
            "empty": "fineweb.line_count",
            "line_punct_ratio": "fineweb.punctuated_line_ratio",
            "short_line_ratio": "fineweb.short_line_ratio",
            "char_dup_ratio": "fineweb.duplicate_character_ratio",
            "list_ratio": "fineweb.newline_ratio",
        },
    ),
}
