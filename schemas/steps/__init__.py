"""The families of measures: their settings, signals and rules, one file each; and the unions that a recipe lists."""

from typing import Annotated

from pydantic import Field

from schemas.steps.language import Language

PageStep = Annotated[Language, Field()]
"""A rule on the page before extraction."""

FilterStep = Annotated[Language, Field()]
"""A family of measures on the extracted text."""
