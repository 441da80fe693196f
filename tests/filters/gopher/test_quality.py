import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.batch import Batch
from filters.gopher.quality import prepare
from schemas.steps.gopher import GopherQuality

PIECES = st.sampled_from(
    [
        "the",
        "be",
        "of",
        "to",
        "word",
        "…",
        "...",
        "#",
        "•",
        "-",
        " ",
        " ",
        "\n",
        "\r\n",
        "\u2028",
        "é",
        "42",
        "?",
        "中文",
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=40).map("".join), max_size=4)


def measured(texts, **settings):
    text = pa.array(texts, pa.large_string())
    unknown = pa.nulls(len(texts), pa.string())
    signals = prepare(GopherQuality(lexer="whitespace", **settings))(Batch(text, unknown, unknown)).signals
    assert list(signals) != [] and set(signals) == {signal.name for signal in GopherQuality.signals}
    return {name: values.to_pylist() for name, values in signals.items()}


def by_definition(text):
    words, lines = text.split(), text.splitlines()
    real = [word for word in words if not set(word) <= set("….#-?")]
    return {
        "word_count": len(real),
        "mean_word_length": sum(map(len, real)) / len(real) if real else None,
        "hash_ratio": text.count("#") / len(words) if words else None,
        "ellipsis_ratio": (text.count("...") + text.count("…")) / len(words) if words else None,
        "bullet_line_ratio": sum(li.lstrip().startswith(("•", "-")) for li in lines) / len(lines) if lines else None,
        "ellipsis_line_ratio": sum(li.rstrip().endswith(("...", "…")) for li in lines) / len(lines) if lines else None,
        "alphabetic_word_ratio": sum(any(map(str.isalpha, w)) for w in words) / len(words) if words else None,
        "stop_word_count": len({"the", "be", "to", "of", "and", "that", "have", "with"} & set(words)),
    }


@given(TEXTS)
def test_every_value_is_as_defined(texts):
    expected = [by_definition(text) for text in texts]
    assert measured(texts) == {name: [e[name] for e in expected] for name in by_definition("")}


def test_a_bullet_is_no_symbol_to_the_reference():
    assert measured(["• a"])["word_count"] == [2]


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_to_measure(text):
    values = measured([text])
    assert values["word_count"] == [0]
    assert values["hash_ratio"] == values["mean_word_length"] == [None]


def test_stop_words_are_settings_and_case_matters():
    assert measured(["der Hund und Der Mann"], stop_words=("der", "und", "das"))["stop_word_count"] == [2]
    assert measured(["The Be"])["stop_word_count"] == [0]
