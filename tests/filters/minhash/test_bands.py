import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.minhash.bands import band_hashes

BANDS, ROWS = 3, 2
SIGNATURES = st.lists(st.lists(st.integers(0, 2), min_size=BANDS * ROWS, max_size=BANDS * ROWS), max_size=8)


@given(SIGNATURES, st.data())
def test_hashes_are_equal_where_scope_band_and_rows_are(rows, data):
    scope = data.draw(st.lists(st.sampled_from([0, 1, 2**64 - 1]), min_size=len(rows), max_size=len(rows)))
    signatures = np.array(rows, np.uint32).reshape(len(rows), BANDS * ROWS)
    found = band_hashes(signatures, np.array(scope, np.uint64), BANDS, ROWS)
    assert (found.dtype, found.shape) == (np.uint64, (len(rows), BANDS))
    keys = [
        (scope[document], band, *rows[document][band * ROWS : (band + 1) * ROWS])
        for document in range(len(rows))
        for band in range(BANDS)
    ]
    hashes = found.reshape(-1).tolist()
    assert len(set(keys)) == len(set(hashes)) == len(set(zip(keys, hashes, strict=True)))


def test_more_permutations_than_needed_do_not_matter():
    signatures = np.random.default_rng(0).integers(0, 2**32, (10, 20), dtype=np.uint32)
    scope = np.zeros(10, np.uint64)
    assert (band_hashes(signatures, scope, 4, 4) == band_hashes(signatures[:, :16], scope, 4, 4)).all()


def test_a_short_signature_is_refused():
    with pytest.raises(ValueError, match="14 bands of 8 rows need 112 permutations, not 100"):
        band_hashes(np.zeros((1, 100), np.uint32), np.zeros(1, np.uint64), 14, 8)


def test_hashes_are_spread_over_buckets():
    signatures = np.arange(2 * 10_000, dtype=np.uint32).reshape(10_000, 2)
    hashes = band_hashes(signatures, np.zeros(10_000, np.uint64), 1, 2)[:, 0]
    counts = np.bincount((hashes % np.uint64(16)).astype(np.int64), minlength=16)
    assert len(np.unique(hashes)) == 10_000
    assert counts.min() > 500
