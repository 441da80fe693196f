"""The part of a recipe that says who answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from schemas.strict import StrictModel


class Price(StrictModel):
    """What a teacher costs, in any currency: ``--max-cost`` and the reports are in the same one."""

    prompt: float = Field(ge=0)
    """A million tokens read."""
    completion: float = Field(ge=0)
    """A million tokens written."""

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """What these tokens cost."""
        return (self.prompt * prompt_tokens + self.completion * completion_tokens) / 1e6


class _Teacher(StrictModel):
    revision: str = ""
    """Version of the model, where its name does not say it: another one is another teacher, whose answers are new."""
    price: Price | None = None
    """What tokens cost; null: nothing is known, and ``--max-cost`` cannot be used."""


class EndpointTeacher(_Teacher):
    """Any server that speaks the OpenAI chat API: vLLM, SGLang, llama.cpp, or a provider's."""

    type: Literal["endpoint"] = "endpoint"
    url: str = Field(pattern=r"^https?://")
    """The address before ``/chat/completions``, such as ``http://127.0.0.1:8000/v1``."""
    model: str = Field(min_length=1)
    """The name of the model there."""
    key_variable: str = Field(default="ORCHARD_API_KEY", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """The environment variable that holds the key. The key itself is never written anywhere."""
    guided: bool = True
    """Whether the server can guide decoding by a JSON Schema (``response_format``)."""


class VllmTeacher(_Teacher):
    """A vLLM server that Orchard starts, watches, restarts and stops."""

    type: Literal["vllm"] = "vllm"
    model: str = Field(min_length=1)
    """A name on the model hub, or a folder."""
    python: str = "python3"
    """The interpreter of the environment that vLLM is installed in: vLLM and Beam exclude each other."""
    arguments: tuple[str, ...] = ()
    """Further arguments of vLLM's server: ``[--tensor-parallel-size, "8", --quantization, fp8]``."""
    environment: Mapping[str, str] = {}
    """Further environment variables of the server; no secrets: they stand in the manifest."""
    start_seconds: float = Field(default=900.0, gt=0)
    """How long the server may take until it answers; a large model is downloaded in this time."""
    restarts: int = Field(default=3, ge=0)
    """How often a server that has died is started again in a run."""


class EmbeddedTeacher(_Teacher):
    """llama.cpp on this machine: by default SmolLM2-135M, which proves that everything works but writes poorly."""

    type: Literal["embedded"] = "embedded"
    model: Path | None = None
    """A GGUF file; null: SmolLM2-135M-Instruct, which comes with the extra ``teacher``."""
    context_tokens: int = Field(default=4096, ge=256)
    """Most tokens of a question and its answer together."""
    threads: int = Field(default=1, ge=1)
    """Threads that compute one answer."""


Asked = Annotated[EndpointTeacher | VllmTeacher | EmbeddedTeacher, Field(discriminator="type")]


class ReplayTeacher(_Teacher):
    """Answers from the journal of an earlier run; asks nobody."""

    type: Literal["replay"] = "replay"
    journal: Path
    """The folder ``journal/`` of that run."""
    original: Asked = EmbeddedTeacher()
    """The teacher of that run, set up as it was: by what would be sent to it, its answers are found."""


Teacher = Annotated[
    EndpointTeacher | VllmTeacher | EmbeddedTeacher | ReplayTeacher,
    Field(discriminator="type"),
]
