"""How much of what an endpoint allows reaches the answers, when it refuses, breaks, hangs and answers rubbish.

    python -m benchmarks.flow [--seconds 75]

A server of its own (tests/support/fake_endpoint.py) serves so many requests at once or a second; 30 % of the requests
that it could serve are refused (429), 5 % fail (500), 1 % hang until the client gives up, 1 % come back as broken JSON.
What the limits allow: a place of the server is taken for the service time by every request that is served or
malformed, and for the hang by every one that hangs; refusals and failures take none. With a bound on requests a second,
every one that is let in counts, and those that were answered are what could be had. Each server gets as many requests
as it allows in the seconds given. The slow start, and the time in which the last requests are sent again, are part of
what is measured: seven seconds or so, however long a run is.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from datagen.flow.budget import Budget
from datagen.flow.dispatcher import Dispatcher
from datagen.journal.journal import Journal
from datagen.teachers.endpoint import Endpoint
from schemas.generation.flow import Flow
from schemas.generation.response import GenResponse
from schemas.generation.teacher import EndpointTeacher
from tests.support.endpoints import fake_endpoint, requests

FAULTS = {"refuse": 0.30, "break": 0.05, "hang": 0.01, "malform": 0.01}
SERVICE, HANG = 1.0, 10.0
FLOW = Flow(max_concurrency=256, timeout_seconds=HANG, backoff_seconds=0.5)


async def seconds_for(url: str, folder: Path, count: int) -> tuple[float, int, int]:
    """Wall time for so many requests, how many were answered, and the limit at the end."""
    with Journal(folder) as journal:
        teacher = Endpoint(EndpointTeacher(url=url, model="fake"), FLOW.timeout_seconds)
        dispatcher = Dispatcher(teacher, FLOW, journal, Budget(journal.spent, None, None, None))
        async with teacher:
            began = time.monotonic()
            outcomes = await asyncio.gather(*map(dispatcher.ask, requests(count)))
        answered = sum(isinstance(outcome, GenResponse) for outcome in outcomes)
        return time.monotonic() - began, answered, dispatcher.places.limit.limit


def allowed_at_once(places: int) -> float:
    """Answers a second of a server with so many places."""
    admitted = 1 - FAULTS["refuse"]
    answers = admitted - FAULTS["break"] - FAULTS["hang"] - FAULTS["malform"]
    busy = (answers + FAULTS["malform"]) * SERVICE + FAULTS["hang"] * HANG
    return places * answers / busy


def allowed_rate(rate: float) -> float:
    """Answers a second of a server that looks at so many requests a second."""
    return rate * (1 - sum(FAULTS.values()))


def main() -> None:
    """Run all settings and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=75.0)
    duration = parser.parse_args().seconds
    print(f"{'server':<28} {'allowed/s':>9} {'answers/s':>9} {'share':>6} {'answered':>9} {'limit':>6}")
    for name, limit, allowed in (
        ("16 at once", {"at_once": 16}, allowed_at_once(16)),
        ("32 at once", {"at_once": 32}, allowed_at_once(32)),
        ("20 a second", {"rate": 20}, allowed_rate(20)),
    ):
        count = round(duration * allowed)
        for retry_after in ("0", "1"):
            with (
                tempfile.TemporaryDirectory() as folder,
                fake_endpoint(
                    Path(folder), **FAULTS, **limit, seconds=SERVICE, hang_seconds=HANG, retry_after=retry_after
                ) as server,
            ):
                seconds, answered, last = asyncio.run(seconds_for(server.url, Path(folder) / "journal", count))
            speed = answered / seconds
            what = f"{name}, Retry-After {retry_after}"
            print(f"{what:<28} {allowed:9.1f} {speed:9.1f} {speed / allowed:6.0%} {answered:9,} {last:6}", flush=True)


if __name__ == "__main__":
    main()
