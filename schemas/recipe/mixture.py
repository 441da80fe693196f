"""The recipe of a mixture: what each stage of training reads, how much of it, and in sequences of which length."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from schemas.document import SourceClass
from schemas.fingerprint import fingerprint
from schemas.recipe.error import nearest
from schemas.recipe.write import WriteSettings
from schemas.strict import StrictModel

SOURCES: tuple[str, ...] = get_args(SourceClass)
_NAME = "^[a-z][a-z0-9-]*$"


def _is_source(key: str) -> str:
    source, _, collection = key.partition("/")
    if source not in SOURCES:
        near = nearest(source, SOURCES)
        hint = f"; did you mean {near}?" if near else ""
        raise ValueError(
            f"no source class {source!r}{hint} (a class, or class/collection; there are {_listed(SOURCES)})"
        )
    if key.endswith("/") or "/" in collection:
        raise ValueError(f"{key!r} names no collection: write {source}, or {source}/collection")
    return key


SourceKey = Annotated[str, AfterValidator(_is_source)]
"""A source class (``code``), or one collection of it (``web/cc-2024-10``)."""


class MixSource(StrictModel):
    """What a stage takes of a source."""

    weight: float | None = Field(default=None, gt=0)
    """Share of the stage's tokens, in proportion to the other weights; null in a stage with ``temperature``."""
    epochs: float = Field(default=4.0, gt=0, le=1000)
    """Most passes over the source in this stage. The default is 4: up to there, repeated tokens are worth about as much
    as new ones (Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264)."""


class Packed(StrictModel):
    """How documents become sequences."""

    name: str = Field(pattern=_NAME)
    """Names the folder ``packed/<name>/``."""
    sequence_length: int = Field(ge=16, le=1 << 20)
    """Tokens in a sequence."""
    packing: Literal["best-fit", "concatenate"] = "best-fit"
    """``best-fit`` cuts only documents longer than a sequence; ``concatenate`` cuts wherever a sequence is full."""
    teacher: bool = False
    """Add columns for a teacher's labels, to be filled in before training (AFM's distillation)."""


class MixStage(Packed):
    """A stage of training."""

    tokens: int = Field(ge=1)
    """Budget: tokens of documents with the ids around them, without padding."""
    temperature: float | None = Field(default=None, ge=1, le=100)
    """Instead of weights: shares go with the tokens that a source has, to the power of one over this."""
    excludes: tuple[SourceClass, ...] = ()
    """Source classes that must not reach this stage, whatever the mixture says."""
    mix: Mapping[SourceKey, MixSource] = Field(min_length=1)
    """What is read. A class stands for all its collections but those named beside it."""

    @field_validator("mix")
    @classmethod
    def _keeps_to_the_gate(cls, mix: Mapping[str, MixSource], info: ValidationInfo) -> Mapping[str, MixSource]:
        barred = [key for key in mix if key.partition("/")[0] in info.data.get("excludes", ())]
        if barred:
            stage = info.data.get("name", "this stage")
            raise ValueError(f"{_listed(barred)} must not reach {stage} (its `excludes`): take it out of the mix")
        return mix

    @field_validator("mix")
    @classmethod
    def _weights_or_temperature(cls, mix: Mapping[str, MixSource], info: ValidationInfo) -> Mapping[str, MixSource]:
        with_weight = [key for key, source in mix.items() if source.weight is not None]
        if info.data.get("temperature") is not None and with_weight:
            raise ValueError(f"temperature decides the shares: take the weight of {_listed(with_weight)} out")
        if info.data.get("temperature") is None and len(with_weight) < len(mix):
            missing = [key for key in mix if key not in with_weight]
            raise ValueError(f"{_listed(missing)} has no weight: give each source one, or the stage a temperature")
        return mix


class MixSample(StrictModel):
    """Documents of a stage in its mixture, each once; of two samples of a stage the smaller is part of the larger."""

    name: str = Field(pattern=_NAME)
    """Names the folder ``packed/<name>/``."""
    of: str
    """The stage."""
    fraction: float | None = Field(default=None, gt=0, le=1)
    """Of the stage's tokens; of each source, the same."""
    tokens: int | None = Field(default=None, ge=1)
    """Instead of a fraction: how many tokens."""
    sequence_length: int | None = Field(default=None, ge=16, le=1 << 20)
    """Tokens in a sequence; null: as in the stage."""

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.fraction is None) == (self.tokens is None):
            raise ValueError("give either fraction or tokens")
        return self


class Frame(StrictModel):
    """Tokens that are put around documents, as the tokenizer calls them."""

    begin: str | None = None
    """Before every document; null: nothing."""
    end: str = "</s>"
    """After every document."""
    padding: str = "</s>"
    """After the last document of a sequence. Where it is the same as ``end``, go by the column ``length``."""


class Mixture(StrictModel):
    """Stages of training, read one after the other."""

    name: str = Field(pattern=_NAME)
    """Short name of the recipe."""
    description: str = ""
    """What it is for."""
    seed: int = Field(default=0, ge=0, lt=1 << 63)
    """Chooses documents and their order."""
    scale: float = Field(default=1.0, gt=0)
    """All budgets are multiplied by it: ``--set scale=1e-6`` for a trial."""
    frame: Frame = Frame()
    """What stands around documents."""
    stages: tuple[MixStage, ...] = Field(min_length=1)
    """In their order. A stage reads a source on from where the one before has ended: nothing repeats that need not."""
    samples: tuple[MixSample, ...] = ()
    """Small sets with the mixture of a stage."""
    write: WriteSettings = WriteSettings(row_group_mb=8)
    """How sequences are written; a loader that resumes reads one row group to find its place."""

    @field_validator("stages")
    @classmethod
    def _stages_have_names(cls, stages: tuple[MixStage, ...]) -> tuple[MixStage, ...]:
        names = [stage.name for stage in stages]
        doubles = sorted({name for name in names if names.count(name) > 1})
        if doubles:
            raise ValueError(f"two stages are called {_listed(doubles)}")
        return stages

    @field_validator("samples")
    @classmethod
    def _samples_are_of_stages(cls, samples: tuple[MixSample, ...], info: ValidationInfo) -> tuple[MixSample, ...]:
        names = [stage.name for stage in info.data.get("stages", ())]
        taken = set(names)
        for sample in samples:
            if names and sample.of not in names:
                near = nearest(sample.of, names)
                hint = f"; did you mean {near}?" if near else ""
                raise ValueError(f"{sample.name} is of {sample.of!r}, no stage{hint} (there are {_listed(names)})")
            if sample.name in taken:
                raise ValueError(f"{sample.name} is the name of two stages or samples")
            taken.add(sample.name)
        return samples

    def stage(self, name: str) -> MixStage:
        """The stage of that name."""
        return next(stage for stage in self.stages if stage.name == name)

    def budget(self, stage: MixStage) -> int:
        """Tokens of a stage, scaled."""
        return max(1, round(stage.tokens * self.scale))

    def fingerprint(self) -> str:
        """Hex of xxh3-128 over all settings, defaults filled in."""
        return fingerprint(self.model_dump(mode="json"))


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names)
