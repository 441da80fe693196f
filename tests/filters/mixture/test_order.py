"""The reading order: keys hang on identities only, times spread every source evenly, passes follow each other."""

import numpy as np
import pyarrow as pa
import xxhash

from filters.mixture.keys import document_keys, order_keys
from filters.mixture.order import TIME_BITS, reading_order, reading_times, windows
from filters.mixture.ring import RING, Arc

IDS = pa.array([xxhash.xxh3_128_hexdigest(str(number).encode()) for number in range(20_000)])


def test_keys_hang_on_identity_and_seed_only():
    keys = document_keys(IDS, 1)
    assert np.array_equal(document_keys(IDS.slice(5, 100), 1), keys[5:105])
    assert np.array_equal(document_keys(IDS.cast(pa.large_string()), 1), keys)
    assert not np.any(document_keys(IDS, 2) == keys)
    assert len(np.unique(keys)) == len(keys)
    assert keys.max() < RING


def test_keys_and_chances_are_spread_evenly_and_are_independent():
    keys = document_keys(IDS, 1)
    chances = [order_keys(keys, np.full(len(keys), copy), "core", 1) for copy in (0, 1)]
    for values in (keys, *chances, order_keys(keys, np.zeros(len(keys), np.int64), "continued", 1)):
        counts = np.bincount((values >> np.uint64(59)).astype(int), minlength=16)
        assert np.all(np.abs(counts - len(keys) / 16) < 6 * np.sqrt(len(keys) / 16))
    for values in chances:
        assert abs(np.corrcoef(keys.astype(float), values.astype(float))[0, 1]) < 0.03
    assert abs(np.corrcoef(chances[0].astype(float), chances[1].astype(float))[0, 1]) < 0.03


def test_each_pass_has_its_own_part_of_the_stage():
    keys = document_keys(IDS, 1)
    arc = Arc(0, turns=2, span=RING // 2, fraction=0.5)
    scale = float(1 << TIME_BITS)
    for copy, (first, last) in enumerate([(0, 0.4), (0.4, 0.8), (0.8, 1.0)]):
        numbers = np.full(len(keys), copy)
        times = reading_times(order_keys(keys, numbers, "core", 1), numbers, arc) / scale
        assert first <= times.min() < first + 0.001
        assert last - 0.001 < times.max() < last
        assert abs(times.mean() - (first + last) / 2) < 0.005


def test_windows_are_equal_parts_of_the_stage_for_any_number_of_them():
    times = np.array([0, (1 << TIME_BITS) // 2, (1 << TIME_BITS) - 1], np.uint64)
    for count in (1, 2, 7, 4096, 1 << 20):
        assert windows(times, count).tolist() == [0, count // 2, count - 1]


def test_the_reading_order_does_not_hang_on_the_order_of_the_rows():
    generator = np.random.default_rng(0)
    times, keys = generator.integers(0, 50, 1000, dtype=np.uint64), generator.permutation(1000).astype(np.uint64)
    epochs = generator.integers(0, 3, 1000)
    shuffled = generator.permutation(1000)
    first = keys[reading_order(times, keys, epochs)]
    again = keys[shuffled][reading_order(times[shuffled], keys[shuffled], epochs[shuffled])]
    assert np.array_equal(first, again)
    assert np.all(np.diff(times[reading_order(times, keys, epochs)].astype(int)) >= 0)
