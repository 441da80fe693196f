"""Waits: what the teacher asks for, and jitter within bounds."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from datagen.flow.backoff import retry_after_seconds, wait_seconds
from schemas.generation.flow import Flow

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90.0),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=90), usegmt=True)}, 0.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers, seconds):
    assert retry_after_seconds(headers, NOW) == seconds


def test_jitter_comes_on_top_and_is_bounded():
    flow = Flow(backoff_seconds=1, max_backoff_seconds=30)
    longest, shortest = (lambda low, high: high), (lambda low, high: low)
    assert [wait_seconds(flow, most, None, longest) for most in (0.0, 4.0, 1e9)] == [1.0, 4.0, 30.0]
    assert wait_seconds(flow, 4.0, 12.0, longest) == 16.0
    assert wait_seconds(flow, 4.0, 12.0, shortest) == 12.0
