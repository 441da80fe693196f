"""The signals of a whole run: those of the recipe's steps, and those that later parts add."""

import pyarrow as pa

from schemas.contamination import with_contamination
from schemas.document import document_schema
from schemas.duplicate import with_duplicate
from schemas.recipe.model import Recipe


def run_document_schema(recipe: Recipe) -> pa.Schema:
    """The schema of ``kept/`` of a run, from the first part on: all files of a run are read together.

    What a part that comes later measures is null in the files of earlier ones.
    """
    schema = document_schema(recipe.steps())
    if recipe.deduplicate is not None:
        schema = with_duplicate(schema, recipe.deduplicate)
    return with_contamination(schema) if recipe.decontaminate is not None else schema
