"""Places are given in order, as many as the limit allows and as fast as the pace does."""

import asyncio
import random

import pytest

from datagen.flow.limit import AdaptiveLimit, Fate
from datagen.flow.pace import SENT_FOR_EACH_TAKEN, Pace
from datagen.flow.places import Places
from tests.support.simulated import SimulatedLoop, run_simulated


def places(loop: SimulatedLoop, most: int, longest_seconds: float = 1.0) -> Places:
    return Places(AdaptiveLimit(most, most, loop.time), Pace(longest_seconds, loop.time))


def test_places_are_given_in_order_and_one_that_is_not_wanted_goes_on():
    async def run(loop: SimulatedLoop) -> list[int]:
        given = places(loop, 1)
        first = await given.acquire(given.number())
        order: list[int] = []

        async def want(number: int) -> None:
            at = await given.acquire(given.number())
            order.append(number)
            given.release(at, Fate.BROKEN)

        tasks = [asyncio.create_task(want(number)) for number in range(4)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        given.release(first, Fate.BROKEN)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not given.limit.is_full
        return order

    assert run_simulated(run) == [0, 2, 3]


def test_while_nothing_is_refused_nothing_waits():
    async def run(loop: SimulatedLoop) -> float:
        given = places(loop, 1000)
        for at in [await given.acquire(given.number()) for _ in range(1000)]:
            given.release(at, Fate.SERVED)
        return loop.now

    assert run_simulated(run) == 0.0


def test_a_request_that_was_refused_goes_before_those_that_came_later():
    async def run(loop: SimulatedLoop) -> list[str]:
        given = places(loop, 1)
        number = given.number()
        first = await given.acquire(number)
        order: list[str] = []

        async def want(name: str, number: int) -> None:
            at = await given.acquire(number)
            order.append(name)
            given.release(at, Fate.BROKEN)

        others = [asyncio.create_task(want(f"later {each}", given.number())) for each in range(2)]
        await asyncio.sleep(0)
        again = asyncio.create_task(want("again", number))
        await asyncio.sleep(0)
        given.release(first, Fate.BROKEN)
        await asyncio.gather(again, *others)
        return order

    assert run_simulated(run) == ["again", "later 0", "later 1"]


@pytest.mark.parametrize("taken_a_second", [2.0, 50.0])
def test_a_teacher_that_refuses_gets_so_many_for_each_that_it_takes(taken_a_second):
    """One that takes so many a second, at random moments, and refuses all others at once."""

    async def run(loop: SimulatedLoop) -> tuple[int, int]:
        given, draw = places(loop, 64), random.Random(0)
        sent = taken = 0
        next_free = 0.0
        while loop.now < 200 / taken_a_second:
            at = await given.acquire(given.number())
            sent += 1
            await asyncio.sleep(0.001)
            is_taken = loop.now >= next_free
            if is_taken:
                taken += 1
                next_free = loop.now + draw.expovariate(taken_a_second)
            given.release(at, Fate.SERVED if is_taken else Fate.REFUSED)
        return sent, taken

    sent, taken = run_simulated(run)
    assert taken > 60
    assert 1.5 < sent / taken < 1.2 * SENT_FOR_EACH_TAKEN


def test_one_that_refuses_everything_is_asked_once_in_the_longest_wait():
    async def run(loop: SimulatedLoop) -> int:
        given = places(loop, 8, longest_seconds=2.0)
        sent = 0
        while loop.now < 100:
            given.release(await given.acquire(given.number()), Fate.REFUSED)
            sent += 1
        return sent

    assert 45 < run_simulated(run) < 60
