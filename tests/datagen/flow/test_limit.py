"""The limit on a server that is simulated, event by event: places, service times and refusals are known exactly."""

import heapq
import random

import pytest

from datagen.flow.limit import AdaptiveLimit, Fate

SERVICE, REFUSAL = 1.0, 0.01


class Simulation:
    """A client that always has work, a server that decides, and a clock that jumps from event to event."""

    def __init__(self, places: int, refuse: float, most: int = 256) -> None:
        self.now, self.places, self.refuse = 0.0, places, refuse
        self.random = random.Random(5)
        self.limit = AdaptiveLimit(8, most, lambda: self.now)
        self.events: list[tuple[float, int, float, Fate]] = []
        self.busy = self.served = self.sent = 0

    def send(self, given_at: float) -> None:
        self.sent += 1
        refused = self.busy >= self.places or self.random.random() < self.refuse
        self.busy += not refused
        seconds = REFUSAL if refused else SERVICE * self.random.uniform(0.5, 1.5)
        fate = Fate.REFUSED if refused else Fate.SERVED
        heapq.heappush(self.events, (self.now + seconds, self.sent, given_at, fate))

    def run(self, seconds: float) -> float:
        """Answers a second."""
        began, before = self.now, self.served
        while self.now < began + seconds:
            while len(self.events) < self.limit.limit:
                self.send(self.limit.take())
            self.now, _, given_at, fate = heapq.heappop(self.events)
            self.busy -= fate is Fate.SERVED
            self.served += fate is Fate.SERVED
            self.limit.give_back(given_at, fate)
        return (self.served - before) / seconds


@pytest.mark.parametrize("refuse", [0.0, 0.3])
@pytest.mark.parametrize("places", [4, 16, 100])
def test_it_finds_what_the_server_serves_and_stays_there(places, refuse):
    simulation = Simulation(places, refuse)
    simulation.run(20)
    assert simulation.run(60) > 0.8 * places / SERVICE
    assert simulation.limit.limit <= 1.5 * places + 1


def test_refusals_by_chance_do_not_keep_it_low():
    simulation = Simulation(10_000, 0.3, most=64)
    simulation.run(20)
    assert simulation.run(30) > 0.8 * 64 / SERVICE


def test_it_follows_a_server_that_loses_places():
    simulation = Simulation(100, 0.0)
    simulation.run(20)
    simulation.places = 10
    simulation.run(40)
    assert simulation.limit.limit <= 16


def test_many_timeouts_lower_it_and_a_few_do_not():
    def limits(share: float) -> int:
        now = 0.0
        limit = AdaptiveLimit(64, 64, lambda: now)
        draw = random.Random(1)
        for _ in range(40):
            given = [limit.take() for _ in range(limit.limit)]
            now += 1.0
            for at in given:
                limit.give_back(at, Fate.TIMED_OUT if draw.random() < share else Fate.SERVED)
        return limit.limit

    assert limits(0.01) == 64
    assert limits(0.6) < 32
