"""The recipe of summaries and what editors read of it."""

import json

from schemas.contracts import json_schema
from schemas.recipe.load import BUILTIN
from schemas.summaries.recipe import SummariesRecipe


def test_the_json_schema_is_current():
    text = (BUILTIN / "summaries.schema.json").read_text()
    assert json.loads(text) == json.loads(json_schema(SummariesRecipe)), (
        "settings have changed; write it anew: orchard schema generation-recipe > recipes/summaries.schema.json"
    )
