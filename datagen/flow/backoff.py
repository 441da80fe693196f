"""How long to wait before the next try."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from schemas.generation.flow import Flow


def wait_seconds(flow: Flow, most: float, retry_after: float | None, uniform: Callable[[float, float], float]) -> float:
    """Seconds before the next try: any up to ``most`` within the recipe's bounds, after ``retry_after``.

    Full jitter spreads the tries of many requests best (Brooker 2015, "Exponential Backoff And Jitter"). What the
    teacher asks for is a floor, to which the jitter is added: otherwise all would come back at the same moment.
    """
    bounded = min(max(most, flow.backoff_seconds), flow.max_backoff_seconds)
    return (retry_after or 0.0) + uniform(0.0, bounded)


def retry_after_seconds(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """What ``Retry-After`` (RFC 9110: seconds or a date) or ``retry-after-ms`` asks for; None if it asks for nothing.

    ``headers`` with names in lower case. A value that is neither is as good as none.
    """
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if value is None:
        return None
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())


def _number(value: str | None) -> float | None:
    """A finite number that is not negative."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
