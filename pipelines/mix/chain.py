"""The phases of a mixture: numbers first, then one plan, then tokens."""

from pipelines.engine.content import content
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Bucket, make_buckets
from pipelines.engine.version import code_version, library_versions
from pipelines.mix.setting import Setting
from pipelines.mix.stages.keys import KeysStage
from pipelines.mix.stages.layout import FirstIndices, LayoutStage
from pipelines.mix.stages.pack import PackStage
from pipelines.mix.stages.plan import PlanStage
from pipelines.mix.stages.report import ReportStage
from pipelines.mix.stages.spread import SpreadStage
from pipelines.mix.stages.strata import StrataStage
from schemas.fingerprint import fingerprint

ONE = Bucket(0, 1)
PHASES_OF_PLAN = 3
"""The first so many end with the plan, before a token moves."""


def mix_phases(setting: Setting) -> tuple[Phase, ...]:
    """All phases in order."""
    mixture, vocabulary = setting.mixture, setting.vocabulary

    def print_of(*parts: object) -> str:
        return fingerprint([code_version(), content(library_versions()), content(parts)])

    width = [setting.key_buckets, setting.shard_names]
    known = [mixture.seed, vocabulary.fingerprint, vocabulary.frame.tokens, width]
    everything = print_of(mixture, known, vocabulary.size, tuple(vocabulary.frame))
    shards, key_buckets = setting.shards, tuple(make_buckets(setting.key_buckets))
    files = tuple(make_buckets(setting.files))
    return (
        Phase((KeysStage(setting, print_of(known)),), shards),
        Phase((StrataStage(setting, print_of(known)),), key_buckets),
        Phase((PlanStage(setting, everything),), (ONE,)),
        Phase((SpreadStage(setting, everything),), shards),
        Phase((LayoutStage(setting, everything),), files),
        Phase((PackStage(setting, everything),), files, FirstIndices(setting)),
        Phase((ReportStage(setting, everything),), (ONE,)),
    )
