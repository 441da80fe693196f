"""What may be spent: tokens and money, over all runs in a folder."""

import asyncio
from dataclasses import dataclass

from datagen.errors import BudgetReachedError
from schemas.generation.request import GenRequest
from schemas.generation.teacher import Price

MESSAGE_TOKENS = 8
"""Most tokens that a chat template puts around a message, as a rule."""


@dataclass(frozen=True)
class Tokens:
    """Tokens read and written."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.prompt + other.prompt, self.completion + other.completion)

    def __sub__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.prompt - other.prompt, self.completion - other.completion)

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt + self.completion

    def cost(self, price: Price | None) -> float | None:
        """What they cost; None where no price is known."""
        return None if price is None else price.of(self.prompt, self.completion)


def most_tokens(request: GenRequest) -> Tokens:
    """At most so many tokens will be spent: a byte-level tokenizer never makes more tokens than there are bytes."""
    sent = sum(len(message.content.encode()) + MESSAGE_TOKENS for message in request.messages)
    sent += sum(len(call.arguments.encode()) for message in request.messages for call in message.tool_calls)
    sent += sum(len(tool.model_dump_json().encode()) for tool in request.tools)
    return Tokens(sent, request.sampling.max_tokens)


class Budget:
    """Lets a request go only if the bounds hold even should it, and all that are under way, spend their most."""

    def __init__(
        self, spent: Tokens, max_tokens: int | None, max_cost: float | None, price: Price | None, workers: int = 1
    ) -> None:
        """``spent`` by earlier runs; what they have left is shared out evenly over the worker processes.

        Raises ValueError for a bound on cost without a price.
        """
        if max_cost is not None and price is None:
            raise ValueError("a bound on cost needs a price")
        self.spent = self._before = spent
        self._max_tokens, self._max_cost, self._price, self._workers = max_tokens, max_cost, price, workers
        self._reserved = Tokens()
        self._waiting: list[asyncio.Future[None]] = []

    async def reserve(self, most: Tokens) -> None:
        """Set aside what a request may spend; waits while others under way may leave enough.

        Raises:
            BudgetReachedError: there will not be enough.
        """
        while not self._fits(self.spent - self._before + self._reserved + most):
            if not self._reserved.total:
                raise BudgetReachedError(self._sentence())
            change = asyncio.get_running_loop().create_future()
            self._waiting.append(change)
            await change
        self._reserved += most

    def settle(self, most: Tokens, used: Tokens) -> None:
        """Give back what was set aside, and count what was spent."""
        self._reserved -= most
        self.spent += used
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            if not change.done():
                change.set_result(None)

    def _fits(self, new: Tokens) -> bool:
        """Whether all workers may spend so much, each."""
        before, price = self._before, self._price
        if self._max_tokens is not None and new.total * self._workers > self._max_tokens - before.total:
            return False
        if self._max_cost is None or price is None:
            return True
        return (new.cost(price) or 0.0) * self._workers <= self._max_cost - (before.cost(price) or 0.0)

    def _sentence(self) -> str:
        bounds = [] if self._max_tokens is None else [f"{self._max_tokens:,} tokens"]
        bounds += [] if self._max_cost is None else [f"a cost of {self._max_cost:g}"]
        return f"the budget of {' and '.join(bounds)} leaves too little for this request"
