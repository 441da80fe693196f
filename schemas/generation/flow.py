"""The part of a recipe that says how fast a teacher is asked, and what happens when it does not answer."""

from pydantic import Field

from schemas.strict import StrictModel


class Flow(StrictModel):
    """Concurrency, time limits, retries."""

    max_concurrency: int = Field(default=64, ge=1)
    """Most requests at once. For a vLLM server, its ``--max-num-seqs`` or a little more keeps its batches full."""
    start_concurrency: int = Field(default=8, ge=1)
    """Requests at once in the beginning; it grows quickly until the teacher refuses some."""
    timeout_seconds: float = Field(default=300.0, gt=0)
    """How long an answer may take."""
    tries: int = Field(default=8, ge=1)
    """How often a request is sent that is refused for the moment, times out or breaks, before it counts as failed."""
    backoff_seconds: float = Field(default=1.0, gt=0)
    """Before it is sent again it waits a random time up to this, twice as long each time, on top of what the teacher
    asks for (``Retry-After``)."""
    max_backoff_seconds: float = Field(default=60.0, gt=0)
    """Longest random wait."""
    patience_seconds: float = Field(default=300.0, gt=0)
    """A teacher that has answered nothing for so long, though asked, ends the run."""
