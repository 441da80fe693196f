"""Where a text is cut for an expression, the expression splits it too, and each part as it would alone."""

import numpy as np
import pyarrow as pa
import pytest
import tokenizers
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import pre_tokenizers

from filters.lexing.utf8 import utf8
from pipelines.tokenize.cached import _table
from pipelines.tokenize.cutting.boundaries import by_pattern
from pipelines.tokenize.cutting.crossing import cross_characters
from pipelines.tokenize.cutting.merging import is_word
from pipelines.tokenize.cutting.patterns import PATTERNS
from pipelines.tokenize.cutting.segments import number_segments
from pipelines.tokenize.cutting.words import words_of

TRICKY = (
    *"aAbzZ09-.,('\"’_<>/ \t\n\r\u3000\x00\x1céÉßıμЖжΣσ中文分の日カー한ªº①½٣\u0301\u0327\u200d▁。、「🙂ǅʰ",
    "'s", "'ll", "'S", "don't", "x'd", "  ", "\n\n", "\r\n", "1234", "HTMLParser", "A中", "中b",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(TRICKY), st.characters(exclude_categories=["Cs"])), max_size=25).map("".join)


def parts_of(text: str, boundaries) -> list[str]:
    data, offsets = utf8(pa.array([text], pa.large_string()))
    table, numbers, ends = _table(4096), np.empty(4096, np.int32), np.zeros(2, np.int64)
    assert number_segments(data, offsets, boundaries, table, (numbers, ends), np.zeros(4, np.int64))
    edges = table.offsets
    return [bytes(table.data[edges[n] : edges[n + 1]]).decode() for n in numbers[: ends[1]]]


@pytest.mark.parametrize("expression", sorted(PATTERNS), ids=lambda expression: expression[-30:])
def test_parts_are_split_as_the_whole_is(expression):
    pattern = PATTERNS[expression]
    splitter = pre_tokenizers.Split(tokenizers.Regex(expression), "isolated")
    plain, everywhere = by_pattern(pattern), by_pattern(pattern, tokens=[b"a"])
    words = words_of(pattern, split_digits=False)

    def split(text: str) -> list[str]:
        return [part for part, _ in splitter.pre_tokenize_str(text)] if text else []

    @given(TEXTS)
    @example("Hello, the big-world's 12,345 tests(of_some code){ return x;}\n\n  don't 中文，分词 1. 2.5%")
    @example("c中文Bd, 5's -'s '1 ('tis) a▁ -▁b 1▁")
    def compare(text: str) -> None:
        whole = split(text)
        assert [each for part in parts_of(text, plain) for each in split(part)] == whole
        for part in parts_of(text, everywhere):
            assert not is_word(part, words) or split(part) == [part]
        edges = set(np.cumsum([len(each) for each in whole]).tolist())
        inner, position = [], 0
        for part in parts_of(text, everywhere):
            position += len(part)
            if position not in edges:
                inner.append(text[position - 1 : position + 1])
        assert all(a >= "\u3041" and b <= "\ud7a3" for a, b in inner)  # within words of such scripts only

    compare()


def test_most_of_a_text_is_words():
    text = "The house of HTML pages has 1234 doors, (three) are open; 中文分词。"
    for pattern in PATTERNS.values():
        words = words_of(pattern, split_digits=False)
        found = [part for part in parts_of(text, by_pattern(pattern)) if is_word(part, words)]
        assert {"The", " house", " of", " HTML", " are", " 中文分词", "。"} <= set(found)
        assert (" 1234" in found) == pattern.spaced_digits


def test_tokens_that_go_across_characters_are_known():
    one, two, three = "中文字"
    halves = [one.encode() + two.encode()[:1], two.encode()[2:] + three.encode(), one.encode()[1:] + three.encode()[:2]]
    crossed = cross_characters([b"abc", (two + three).encode(), *halves, b"\xff\xfe", "é".encode()[1:]])
    assert crossed.pairs == {(ord(two), ord(three))}
    assert crossed.left[ord(one)]
    assert crossed.right[ord(three)]
    assert not crossed.right[ord(one)]
    assert not crossed.left[ord(three)]
    end = one.encode()[1:]
    assert all(crossed.left[ord(c)] == (c == one or c.encode()[-2:] == end) for c in "中文字の日本語カー")
