"""Which of our rules each reason of a reference stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.bounds import Bound
from schemas.step import Step
from schemas.steps.c4 import C4Quality
from schemas.steps.dclm import DclmQuality, DclmRepetition, DclmUrls
from schemas.steps.fineweb import FineWebQuality
from schemas.steps.gopher import GopherQuality, GopherRepetition
from schemas.steps.refinedweb import RefinedWebLines


@dataclass(frozen=True)
class Family:
    """Our steps for one reference, and the code of the rule for each reason that it gives."""

    steps: Sequence[Step]
    reasons: Mapping[str, str]


FINEWEB_C4 = C4Quality(
    characters=None,
    end_marks=None,
    min_words_per_line=3,
    citations_are_words=True,
    sentence_splitter="spacy",
    sentences=Bound(min=5),
)
"""C4's rules as FineWeb runs them: ``C4QualityFilter(filter_no_terminal_punct=False)`` of datatrove."""

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
    "c4_tfds": Family(
        [C4Quality()],
        {
            "characters": "c4.characters",
            "loremipsum": "c4.lorem_ipsum",
            "squigglybracket": "c4.curly_bracket",
            "too_few_sentences": "c4.sentences",
        },
    ),
    "c4_datatrove": Family(
        [FINEWEB_C4],
        {
            "lorem_ipsum": "c4.lorem_ipsum",
            "curly_bracket": "c4.curly_bracket",
            "too_few_sentences": "c4.sentences",
        },
    ),
    "dclm": Family(
        [DclmUrls(), DclmQuality(), DclmRepetition()],
        {
            "urls": "dclm_urls.characters",
            **{name: f"dclm.{name}" for name in DclmQuality.rule_names()},
            **{name: f"dclm_repetition.{name}" for name in DclmRepetition.rule_names()},
        },
    ),
    "refinedweb": Family([RefinedWebLines()], {"removed_words": "refinedweb.removed_words"}),
}
