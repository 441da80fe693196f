"""The task: products as prompts, answers as summaries."""

from collections.abc import Iterator

from pydantic import BaseModel

from datagen.payloads.render import render
from datagen.products.guide import longest_answer
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
        """One for each product that suits the payload, in the recipe's order; none, where its length does not."""
        if not self._recipe.payloads.words.holds(len(render(item).split())):
            return
        for product in self._recipe.products:
            if product.suits(item.kind, item.stacked):
                yield self._prompt(item, product)

    def _prompt(self, payload: Payload, product: Product) -> Prompt[Payload]:
        messages, form = teacher_messages(payload, product, self._recipe.examples), answer_form(product)
        asked = {
            "payload": payload.payload_id,
            "product": f"{product.name}@{product.version}",
            "messages": [message.model_dump() for message in messages],
            "form": form.model_json_schema(),
        }
        return Prompt(fingerprint(asked), payload, product.name, messages, form, longest_answer(product))

    def sample(self, prompt: Prompt[Payload], answer: BaseModel) -> Summary:
        """The summary of a parsed answer. Raises TypeError: it is no form of this task."""
        if not isinstance(answer, Answer):
            raise TypeError(f"{type(answer).__name__} is no answer of the task {self.name}")
        product = self._products[prompt.product]
        return Summary(prompt.item, product, instruction(prompt.item, product), answer)
