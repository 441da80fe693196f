"""The contracts by name: what `orchard schema` prints."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from schemas.contamination import BenchmarkItemState, ContaminationMatch
from schemas.document import DeadLetter, Document, DroppedDocument
from schemas.generation.report import GenerationReport
from schemas.generation.rows import FailedRequest, RejectedSample
from schemas.manifest import Manifest, ShardRecord
from schemas.mix_report import MixReport
from schemas.payload import Payload
from schemas.recipe.mixture import Mixture
from schemas.recipe.model import Recipe
from schemas.summaries.recipe import SummariesRecipe
from schemas.summaries.row import SummaryRow
from schemas.token_shard import TokenizedDocument

TABLES: Mapping[str, type[BaseModel]] = {
    "document": Document,
    "dropped": DroppedDocument,
    "dead-letter": DeadLetter,
    "contamination-match": ContaminationMatch,
    "benchmark-item": BenchmarkItemState,
    "tokens": TokenizedDocument,
    "summary": SummaryRow,
    "rejected-sample": RejectedSample,
    "failed-request": FailedRequest,
}
"""Contracts whose files are Parquet, by the name in their metadata."""

CONTRACTS: Mapping[str, type[BaseModel]] = {
    **TABLES,
    "manifest": Manifest,
    "shard-record": ShardRecord,
    "recipe": Recipe,
    "mixture": Mixture,
    "mix-report": MixReport,
    "payload": Payload,
    "generation-recipe": SummariesRecipe,
    "generation-report": GenerationReport,
}
"""All contracts."""


def json_schema(model: type[BaseModel]) -> str:
    """The JSON Schema (draft 2020-12) of a contract as text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False)
