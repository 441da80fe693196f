import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from filters.duplicates.order import order_bits


@given(values=st.lists(st.floats(allow_nan=False)))
def test_bits_sort_as_the_values_do(values):
    numbers = np.array(values, np.float64)
    bits = order_bits(numbers)
    assert bits.dtype == np.uint64
    assert np.array_equal(np.lexsort([numbers]), np.lexsort([bits]))
    assert len(np.unique(bits)) == len(np.unique(numbers))


def test_no_value_has_the_bits_of_an_earlier_corpus():
    assert order_bits(np.array([-np.inf, -1.7976931348623157e308, -0.0, 0.0, np.inf])).min() > 0
