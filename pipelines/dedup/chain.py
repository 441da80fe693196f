"""The phases of deduplication: each comparison is made over all shards before the next one begins."""

from pipelines.dedup.corpus import Corpus
from pipelines.dedup.setting import Setting
from pipelines.dedup.signatures import signature_settings
from pipelines.dedup.stages.anchors import AnchorsStage
from pipelines.dedup.stages.apply import ApplyStage
from pipelines.dedup.stages.bands import BandsStage
from pipelines.dedup.stages.candidates import CandidatesStage
from pipelines.dedup.stages.clusters import ClustersStage
from pipelines.dedup.stages.components import ComponentsStage
from pipelines.dedup.stages.groups import GroupsStage
from pipelines.dedup.stages.keys import KeysStage
from pipelines.dedup.stages.lines import LinesStage
from pipelines.dedup.stages.repeated_anchors import RepeatedAnchorsStage
from pipelines.dedup.stages.repeated_lines import RepeatedLinesStage
from pipelines.dedup.stages.repeated_windows import RepeatedWindowsStage
from pipelines.dedup.stages.shingles import ShinglesStage
from pipelines.dedup.stages.sign import SignStage
from pipelines.dedup.stages.top_lines import TopLinesStage
from pipelines.dedup.stages.windows import WindowsStage
from pipelines.engine.content import content
from pipelines.engine.outputs.layout import KEPT
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Bucket, make_buckets
from pipelines.engine.version import code_version, library_versions
from schemas.fingerprint import fingerprint
from schemas.recipe.deduplicate import Deduplicate
from schemas.recipe.write import WriteSettings

BYTES_PER_BUCKET = 32 << 20
"""Compressed input for each bucket of an exchange: its rows then take about 100 MB in memory."""
LEAST_BUCKETS, MOST_BUCKETS = 4, 4096


def dedup_phases(recipe: Deduplicate, write: WriteSettings, corpus: Corpus, kept: str = KEPT) -> tuple[Phase, ...]:
    """All phases in order; what survives is written to the folder ``kept``."""
    setting = Setting(recipe, corpus, _bucket_count(corpus), write)
    shards, buckets = corpus.shards, tuple(make_buckets(setting.buckets))
    # Nodes are numbered by the list of shards: another list, other numbers in every stage after the signatures.
    numbering = [[shard.name for shard in shards], len(corpus.new), setting.buckets, corpus.documents]
    own = {"scope": recipe.scope, "survivor": recipe.survivor}

    def print_of(*parts: object) -> str:
        return fingerprint([code_version(), content(library_versions()), content([numbering, own, *parts])])

    sign = SignStage(
        setting, fingerprint([code_version(), content(library_versions()), content([_signed(recipe), write])])
    )
    phases: list[Phase] = []
    before: tuple[SignStage, ...] = (sign,)
    for step in setting.key_steps:
        keys = KeysStage(setting, print_of(step, getattr(recipe, step, None)), name=f"{step}-keys", step=step)
        phases.append(Phase((*before, keys), shards))
        phases.append(Phase((GroupsStage(setting, print_of(step), name=f"{step}-groups", step=step),), buckets))
        before = ()
    one = (Bucket(0, 1),)
    if recipe.minhash is not None:
        phases += [
            Phase((BandsStage(setting, print_of(recipe.minhash)),), shards),
            Phase((CandidatesStage(setting, print_of(recipe.minhash, write)),), buckets),
            Phase((ComponentsStage(setting, print_of()),), one),
            Phase((ShinglesStage(setting, print_of(recipe.minhash)),), shards),
            Phase((ClustersStage(setting, print_of(recipe.minhash)),), buckets),
        ]
    if recipe.lines is not None:
        phases += [
            Phase((LinesStage(setting, print_of(recipe.lines)),), shards),
            Phase((RepeatedLinesStage(setting, print_of(recipe.lines)),), buckets),
            Phase((TopLinesStage(setting, print_of(recipe.lines)),), one),
        ]
    if recipe.substrings is not None:
        cuts = (recipe.lines, recipe.substrings)
        phases += [
            Phase((AnchorsStage(setting, print_of(cuts)),), shards),
            Phase((RepeatedAnchorsStage(setting, print_of(cuts)),), buckets),
            Phase((WindowsStage(setting, print_of(cuts)),), shards),
            Phase((RepeatedWindowsStage(setting, print_of(cuts)),), buckets),
        ]
    phases.append(Phase((ApplyStage(setting, print_of(recipe, write, kept), kept=kept),), corpus.new))
    return tuple(phases)


def _signed(recipe: Deduplicate) -> dict[str, object]:
    return signature_settings(recipe) | {"url": recipe.url is not None}


def _bucket_count(corpus: Corpus) -> int:
    size = sum(shard.input.size for shard in corpus.shards)
    return min(MOST_BUCKETS, max(LEAST_BUCKETS, -(-size // BYTES_PER_BUCKET)))
