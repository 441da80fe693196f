"""Thresholds by percentile: one pass counts the scores of every shard, the sum gives the values."""

# pyright: reportAttributeAccessIssue=false

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.decide import Rule, failing
from filters.percentile import ScoreHistogram
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_groups
from pipelines.engine.phase import Summarize
from pipelines.engine.stage import Globals
from pipelines.web.stages.decide import filter_rules
from pipelines.web.stages.names import MEASURED
from schemas.recipe.model import Recipe


def percentile_rules(recipe: Recipe) -> list[Rule]:
    """The rules whose bound is a percentile of the corpus."""
    return [rule for rule in filter_rules(recipe, {}) if rule.bound.min_percentile is not None]


@dataclass(frozen=True)
class PercentileThresholds(Summarize):
    """Counts, over the documents that pass every rule with a fixed bound, the scores that a percentile needs.

    Percentiles of several rules are taken over the same documents, so their order plays no part.
    """

    recipe: Recipe

    def of_shard(self, shard: str, layout: Layout) -> bytes:
        """The histograms of a measured shard, by rule."""
        fixed = [rule for rule in filter_rules(self.recipe, {}) if rule.bound.min_percentile is None]
        wanted = percentile_rules(self.recipe)
        histograms = {rule.code: ScoreHistogram() for rule in wanted}
        for group in row_groups(layout.uri(layout.data(MEASURED, shard)), ["signals"]):
            signals = group.column("signals")
            broken = np.zeros(group.num_rows, dtype=bool)
            for rule in fixed:
                broken |= failing(_values(signals, rule), rule)
            for rule in wanted:
                scores = _values(signals, rule).filter(pa.array(~broken))
                histograms[rule.code] = histograms[rule.code].merge(ScoreHistogram.of(scores))
        return _to_bytes(histograms)

    def merge(self, parts: Iterable[bytes]) -> bytes:
        """The sum of histograms; any order and grouping gives the same."""
        total = {rule.code: ScoreHistogram() for rule in percentile_rules(self.recipe)}
        for part in parts:
            for code, histogram in _from_bytes(part).items():
                total[code] = total[code].merge(histogram)
        return _to_bytes(total)

    def finish(self, total: bytes) -> Globals:
        """The threshold of each rule, by code."""
        histograms = _from_bytes(total)
        return {
            rule.code: histograms[rule.code].percentile(rule.bound.min_percentile)
            for rule in percentile_rules(self.recipe)
            if rule.bound.min_percentile is not None
        }


def _values(signals: pa.Array, rule: Rule) -> pa.Array:
    space, name = rule.path
    return pc.struct_field(signals, [space, name])


def _to_bytes(histograms: dict[str, ScoreHistogram]) -> bytes:
    return json.dumps({code: histogram.to_bytes().hex() for code, histogram in histograms.items()}).encode()


def _from_bytes(data: bytes) -> dict[str, ScoreHistogram]:
    return {code: ScoreHistogram.from_bytes(bytes.fromhex(text)) for code, text in json.loads(data).items()}
