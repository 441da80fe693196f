"""The phases of decontamination: counts over the whole corpus stand between finding n-grams and judging by them."""

from pathlib import Path

from filters.ngrams.index_file import load_index
from pipelines.decontaminate.setting import ALL, Setting
from pipelines.decontaminate.stages.collisions import CollisionsStage
from pipelines.decontaminate.stages.common import CommonStage
from pipelines.decontaminate.stages.decontaminate import ApplyStage
from pipelines.decontaminate.stages.report import ReportStage
from pipelines.engine.content import content
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard
from pipelines.engine.version import code_version, library_versions
from schemas.fingerprint import fingerprint
from schemas.recipe.decontaminate import Decontaminate
from schemas.recipe.write import WriteSettings


def decontamination_phases(
    recipe: Decontaminate, write: WriteSettings, shards: tuple[Shard, ...], documents: str | None = None
) -> tuple[Phase, ...]:
    """All phases in order; ``documents`` is the folder of the stage before, None where the shards' inputs are meant.

    Raises IndexFileError: the recipe's index is missing, or no whole index of this version.
    """
    index = load_index(Path(recipe.index)).metadata.fingerprint
    setting = Setting(recipe, index, shards, write, documents)

    def print_of(*parts: object) -> str:
        return fingerprint([code_version(), content(library_versions()), index, content([write, documents, *parts])])

    settings = {name: getattr(recipe, name) for name in type(recipe).model_fields if name != "index"}
    names = [shard.name for shard in shards]
    return (
        Phase((CollisionsStage(setting, print_of()),), shards),
        Phase((CommonStage(setting, print_of(names, recipe.common_usage)),), (ALL,)),
        Phase((ApplyStage(setting, print_of(settings)),), shards),
        Phase((ReportStage(setting, print_of(names, settings)),), (ALL,)),
    )
