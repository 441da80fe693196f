"""The task: products as prompts, answers as summaries."""

from collections.abc import Iterator

from pydantic import BaseModel

from datagen.payloads.render import render
from datagen.products.guide import longest_answer
from datagen.products.shown import shown
from datagen.products.summary import Summary
from datagen.products.wording import instruction, teacher_messages
from datagen.task import Prompt
from schemas.fingerprint import fingerprint
from schemas.payload import Payload
from schemas.summaries.answers import Answer, answer_form
from schemas.summaries.product import Product
from schemas.summaries.recipe import SummariesRecipe


class Summarise:
    """Summaries by a recipe."""

    name = "summaries"

    def __init__(self, recipe: SummariesRecipe) -> None:
        self._recipe = recipe
        self._products = {product.name: product for product in recipe.products}
        self.version = recipe.fingerprint()

    def prompts(self, item: Payload) -> Iterator[Prompt[Payload]]:
        """One for each product that suits the payload, in the recipe's order, if the length of what it shows does."""
        for product in self._recipe.products:
            seen = shown(item, product) if product.suits(item.kind, item.stacked) else None
            if seen is not None and self._recipe.payloads.words.holds(len(render(seen).split())):
                yield self._prompt(item, seen, product)

    def _prompt(self, item: Payload, seen: Payload, product: Product) -> Prompt[Payload]:
        messages, form = teacher_messages(seen, product, self._recipe.examples), answer_form(product)
        asked = {
            "payload": item.payload_id,
            "product": f"{product.name}@{product.version}",
            "messages": [message.model_dump() for message in messages],
            "form": form.model_json_schema(),
        }
        return Prompt(fingerprint(asked), item, product.name, messages, form, longest_answer(product))

    def sample(self, prompt: Prompt[Payload], answer: BaseModel) -> Summary:
        """The summary of a parsed answer. Raises TypeError, ValueError: one of them is not of this task."""
        if not isinstance(answer, Answer):
            raise TypeError(f"{type(answer).__name__} is no answer of the task {self.name}")
        product = self._products[prompt.product]
        seen = shown(prompt.item, product)
        if seen is None:
            raise ValueError(f"payload {prompt.item.payload_id} has nothing to make a {product.name} from")
        return Summary(seen, product, instruction(seen, product), answer)
