"""Has a recipe's code, kernels and models in memory before workers are forked (`pipelines/engine/forks`)."""

import pyarrow as pa

from filters.apply import PreparedStep, measure_steps
from filters.batch import Batch
from filters.registry import prepare
from pipelines.dedup import chain as _dedup_stages  # noqa: F401 - workers unpickle them
from pipelines.dedup.signatures import sign
from pipelines.extract.child import warm_engine
from pipelines.extract.engines.registry import MODULES
from pipelines.web import chain as _web_stages  # noqa: F401 - the same
from schemas.recipe.load import load_recipe

TEXT = "Some words to read, and some more. And these are other words, of a second sentence.\n" * 12
"""Enough for every measure to have something to look at."""


def warm_up(recipe_and_changes: tuple[str, list[str]]) -> None:
    """Load everything that a worker will use, and compile it by using it once.

    Raises:
        RecipeError, SettingError: as the run itself will.
    """
    recipe = load_recipe(*recipe_and_changes)
    warm_engine(MODULES[recipe.extract.engine], recipe.extract)
    batch = _batch()
    measure_steps(batch, [PreparedStep(step, prepare(step)) for step in recipe.pages], measure_all=True)
    measure_steps(batch, [PreparedStep(step, prepare(step)) for step in recipe.filters], measure_all=True)
    if recipe.deduplicate is not None:
        documents = pa.RecordBatch.from_pydict(
            {"doc_id": [""], "uri": batch.uri, "collection": [""], "retrieved_at": [None], "text": batch.text}
        )
        sign(documents, recipe.deduplicate.model_copy(update={"survivor": ()}))


def _batch() -> Batch:
    return Batch(pa.array([TEXT], pa.large_string()), pa.array(["https://example.org/"]), pa.array([None], pa.string()))
