"""The schema that guides decoding ends every text and list of every shipped product."""

import pytest

from datagen.products.answers import answer_form
from datagen.products.guide import ROOM, guiding_schema, longest_text
from schemas.recipe.load import load_summaries

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
    assert longest_text(bullets) * bullets.items.max >= ROOM * bullets.characters.max > longest_text(bullets)
    assert longest_text(replies) == ROOM * replies.characters.max
