"""The schema that guides decoding ends every text and list of every shipped product."""

import pytest

from datagen.products.guide import ROOM, TEXT_ROOM, guiding_schema, longest_text
from datagen.products.summarise import Summarise
from schemas.recipe.load import load_summaries
from schemas.summaries.answers import answer_form
from tests.support.summaries import chat

PRODUCTS = load_summaries("summaries").products


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_nothing_is_without_an_end(product):
    schema = guiding_schema(answer_form(product), product)
    assert schema["additionalProperties"] is False
    for field in schema["properties"].values():
        if field.get("type") == "array":
            assert field["maxItems"] == product.items.max
        text = field.get("items", field)
        assert "enum" in text or text["maxLength"] == longest_text(product)


def test_bullets_share_the_length_and_replies_have_it_each():
    by_name = {product.form: product for product in PRODUCTS}
    bullets, replies = by_name["bullets"], by_name["replies"]
    assert longest_text(bullets) * bullets.items.max >= TEXT_ROOM * bullets.characters.max > longest_text(bullets)
    assert replies.characters.max < longest_text(replies) < TEXT_ROOM * replies.characters.max + 1


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_the_longest_answer_ends_before_its_tokens_do_with_three_tokens_for_two_characters(product):
    recipe = load_summaries("summaries").model_copy(update={"products": (product,)})
    item = chat(*(f"{name}: we meet at the station at six and go on by train" for name in ("Ann", "Bo")))
    item = item.model_copy(update={"kind": product.kinds[0], "stacked": product.stacked})
    (prompt,) = Summarise(recipe).prompts(item)
    pieces = product.items.max if product.items else 1
    around = 8 + 4 * pieces
    assert around + 1.5 * longest_text(product) * pieces <= ROOM * prompt.max_tokens
