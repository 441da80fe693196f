"""From expected to actual F1."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.train.confidence import calibrate

UNIT = st.floats(0, 1, width=32)


@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=60), st.integers(1, 10))
def test_it_never_falls_and_keeps_the_mean(pages, points):
    expected, actual = (np.array(column, np.float32) for column in zip(*pages, strict=True))
    found = calibrate(expected, actual, points)
    assert found.shape == (2, min(points, len(pages)))
    assert (np.diff(found) >= -1e-6).all()
    sizes = [len(group) for group in np.array_split(np.arange(len(pages)), found.shape[1])]
    assert abs(float(np.average(found[1], weights=sizes)) - float(actual.mean())) < 1e-4


def test_what_is_right_already_stays():
    values = np.linspace(0, 1, 20, dtype=np.float32)
    assert np.allclose(calibrate(values, values, 20), [values, values])
