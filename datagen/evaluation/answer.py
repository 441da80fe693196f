"""How a system answers an evaluation set: by the recipe, but each payload is asked about and each answer is kept."""

from filters.errors import SettingError
from schemas.generation.duplicates import DuplicateSettings
from schemas.summaries.example import Example
from schemas.summaries.recipe import SummariesRecipe


def to_answer_all(recipe: SummariesRecipe, product: str | None) -> SummariesRecipe:
    """The recipe without whatever takes payloads or answers out, and without planted attacks.

    ``product``: only this one is asked for, in the words in which it is asked for among others. Raises SettingError:
    the recipe has no such product.
    """
    names = [each.name for each in recipe.products]
    if product is not None and product not in names:
        raise SettingError(f"--product {product}: the recipe {recipe.name} has {', '.join(names)}")
    looks = "off" if recipe.payloads.instructions == "off" else "mark"
    payloads = {"attacked_share": 0.0, "evaluation_sets": (), "instructions": looks}
    return recipe.model_copy(
        update={
            "payloads": recipe.payloads.model_copy(update=payloads),
            "products": tuple(each for each in recipe.products if product in (None, each.name)),
            "examples": tuple(_only(product, each) for each in recipe.examples if product in (None, *each.answers)),
            "duplicates": DuplicateSettings(payloads=None, answers=None),
            "gates": (),
        }
    )


def _only(product: str | None, example: Example) -> Example:
    answers = {name: answer for name, answer in example.answers.items() if product in (None, name)}
    return example.model_copy(update={"answers": answers})
