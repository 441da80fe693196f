import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.concatenation import BASE, MODULUS, multiply, reduce, text_hashes


def hashes_of(texts):
    encoded = [text.encode() for text in texts]
    return text_hashes(np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([0, *map(len, encoded)]))


def by_definition(text):
    value = 0
    for byte in text.encode():
        value = (value * BASE + byte + 1) % MODULUS
    return value


@given(st.lists(st.text()))
def test_a_text_is_a_number_in_base_b(texts):
    hashes, powers = hashes_of(texts)
    assert hashes.tolist() == [by_definition(text) for text in texts]
    assert powers.tolist() == [pow(BASE, len(text.encode()), MODULUS) for text in texts]


@given(st.text(), st.text())
def test_the_hash_follows_concatenation(left, right):
    hashes, powers = hashes_of([left, right, left + right])
    assert reduce(multiply(hashes[0], powers[1]) + hashes[1]) == hashes[2]


@given(st.integers(0, MODULUS - 1), st.integers(0, MODULUS - 1))
def test_products_are_those_of_python(left, right):
    assert int(multiply(np.uint64(left), np.uint64(right))) == left * right % MODULUS


def test_a_zero_byte_counts():
    hashes, _ = hashes_of(["a", "a\x00", "\x00a", ""])
    assert len(set(hashes.tolist())) == 4
