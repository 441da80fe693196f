import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from filters.refinedweb.facts import ALPHANUMERIC, CODE_POINTS, DIGIT, SPACE, UPPER, character_classes, line_facts

ASCII_SPACE = " \t\v\f\r\0"


def named_words(line):
    for space in ASCII_SPACE:
        line = line.replace(space, " ")
    return sum(word[0].isalnum() for word in line.split(" ") if word)


def test_every_character_is_classed_as_python_does():
    expected = bytes(
        UPPER * c.isupper() | DIGIT * c.isdigit() | SPACE * c.isspace() | ALPHANUMERIC * c.isalnum()
        for c in map(chr, range(CODE_POINTS))
    )
    assert character_classes().tobytes() == expected


@given(st.lists(st.text(st.sampled_from("aÉ中😀Ⓐ²5٣ \t\xa0\u2028\0-_\x1c"), max_size=20), max_size=5))
def test_lines_are_counted_as_python_does(lines):
    facts = line_facts(pa.array(lines, pa.large_string()))
    assert facts.characters.tolist() == [len(line) for line in lines]
    assert facts.uppercase.tolist() == [sum(map(str.isupper, line)) for line in lines]
    assert facts.digits.tolist() == [sum(map(str.isdigit, line)) for line in lines]
    assert facts.leading.tolist() == [len(line) - len(line.lstrip()) for line in lines]
    assert facts.trailing.tolist() == [len(line) - len(line.rstrip()) for line in lines]
    assert facts.words.tolist() == [len(line.split()) for line in lines]
    assert facts.named_words.tolist() == [named_words(line) for line in lines]


def test_a_slice_of_an_array_is_counted_by_itself():
    lines = pa.array(["one two", "THREE", "4"], pa.large_string())[1:]
    assert line_facts(lines).uppercase.tolist() == [5, 0]
    assert line_facts(lines).digits.tolist() == [0, 1]
