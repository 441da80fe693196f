"""The recipe: the only place where a run's settings and thresholds stand."""

from collections import Counter
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.document import SourceClass
from schemas.fingerprint import fingerprint
from schemas.recipe.decontaminate import Decontaminate
from schemas.recipe.deduplicate import Deduplicate
from schemas.recipe.extract import ExtractSettings, OrchardSettings
from schemas.recipe.read import ReadSettings
from schemas.recipe.write import WriteSettings
from schemas.step import Step
from schemas.steps import FilterStep, PageStep
from schemas.strict import StrictModel


class Recipe(StrictModel):
    """What to run on a collection of pages, and with which bounds."""

    name: str = Field(pattern="^[a-z][a-z0-9-]*$")
    """Short name of the recipe."""
    description: str = ""
    """What it is for."""
    collection: str = Field(min_length=1)
    """The name of the corpus that it makes; every document carries it."""
    source: SourceClass = "web"
    """Source class of its documents, which mixtures choose by."""
    read: ReadSettings = ReadSettings()
    """How input is read."""
    pages: tuple[PageStep, ...] = ()
    """Rules on a page before its text is extracted, in order."""
    extract: ExtractSettings = OrchardSettings()
    """How text is taken out of HTML; inputs that are text already pass by."""
    filters: tuple[FilterStep, ...] = ()
    """Families of measures on the text, in the order in which they decide."""
    deduplicate: Deduplicate | None = None
    """Which copies of documents and passages go; null: none."""
    decontaminate: Decontaminate | None = None
    """Which benchmarks the corpus is kept clean of; null: none."""
    measure: Literal["default", "all"] = "default"
    """``default``: models and everything after a gate measure only what is still kept. ``all``: every signal of every
    document, for choosing thresholds."""
    write: WriteSettings = WriteSettings()
    """How output is written."""
    seed: int = Field(default=0, ge=0)
    """Seed of whatever is random."""

    @model_validator(mode="after")
    def _namespaces_are_unique(self) -> Self:
        doubles = [space for space, count in Counter(step.space for step in self.steps()).items() if count > 1]
        if doubles:
            raise ValueError(
                f"two steps write the signals {', '.join(doubles)}: give one of them another `name`, or take it out"
            )
        return self

    def steps(self) -> tuple[Step, ...]:
        """All steps, in the order in which they decide: page rules, then filters."""
        return (*self.pages, *self.filters)

    def fingerprint(self) -> str:
        """Hex of xxh3-128 over all settings, defaults filled in. Files count by their paths here, not by content."""
        return fingerprint(self.model_dump(mode="json"))
