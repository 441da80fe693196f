"""The part that every recipe of a generation has: who is asked, how, and how fast."""

from pydantic import Field

from schemas.generation.flow import Flow
from schemas.generation.request import Sampling
from schemas.generation.teacher import EmbeddedTeacher, Teacher
from schemas.recipe.write import WriteSettings
from schemas.strict import StrictModel


class GenerationSettings(StrictModel):
    """Who is asked, how, and how fast."""

    teacher: Teacher = EmbeddedTeacher()
    """Who answers."""
    sampling: Sampling = Sampling()
    """How tokens are chosen; ``max_tokens`` is the most for all, a product may need less."""
    samples: int = Field(default=1, ge=1)
    """Answers to each prompt."""
    flow: Flow = Flow()
    """How many requests at once, time limits, retries."""
    write: WriteSettings = WriteSettings()
    """How output is written."""
