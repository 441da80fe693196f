"""Bounds on what is spent hold, however many processes spend at once."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datagen.errors import BudgetReachedError
from datagen.flow.budget import Budget, Tokens
from schemas.generation.teacher import Price

PRICE = Price(prompt=1.0, completion=4.0)


async def spend(budget: Budget, most: list[Tokens]) -> Tokens:
    """Ask one request after the other that each spend their most, until the budget says no; what was spent."""
    before = budget.spent
    for each in most:
        try:
            await budget.reserve(each)
        except BudgetReachedError:
            break
        budget.settle(each, each)
    return budget.spent - before


requests = st.lists(st.builds(Tokens, st.integers(0, 400), st.integers(1, 200)), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(requests, min_size=1, max_size=5), st.integers(0, 500), st.integers(0, 3000))
def test_workers_together_stay_within_the_tokens_that_are_left(workers, before, bound):
    budgets = [Budget(Tokens(before), bound, None, None, len(workers)) for _ in workers]
    spent = [asyncio.run(spend(budget, each)) for budget, each in zip(budgets, workers, strict=True)]
    assert sum(each.total for each in spent) <= max(0, bound - before)


@settings(max_examples=100, deadline=None)
@given(st.lists(requests, min_size=1, max_size=5), st.integers(0, 500))
def test_workers_together_stay_within_the_cost_that_is_left(workers, before):
    bound = PRICE.of(2000, 200)
    budgets = [Budget(Tokens(before), None, bound, PRICE, len(workers)) for _ in workers]
    spent = [asyncio.run(spend(budget, each)) for budget, each in zip(budgets, workers, strict=True)]
    assert sum(each.cost(PRICE) or 0.0 for each in spent) <= max(0.0, bound - PRICE.of(before, 0)) + 1e-12


def test_a_worker_has_its_share_and_no_more():
    budget = Budget(Tokens(200), 1000, None, None, workers=4)
    assert asyncio.run(spend(budget, [Tokens(80, 20)] * 9)) == Tokens(160, 40)


def test_what_is_under_way_is_waited_for_and_what_it_leaves_is_spent():
    async def run() -> list[str]:
        budget, said = Budget(Tokens(), 100, None, None), []
        await budget.reserve(Tokens(60))

        async def second() -> None:
            await budget.reserve(Tokens(60))
            said.append("second may begin")

        waiting = asyncio.create_task(second())
        await asyncio.sleep(0)
        said.append("first has answered")
        budget.settle(Tokens(60), Tokens(30))
        await waiting
        return said

    assert asyncio.run(run()) == ["first has answered", "second may begin"]


def test_a_bound_on_cost_needs_a_price():
    with pytest.raises(ValueError, match="needs a price"):
        Budget(Tokens(), None, 1.0, None)
