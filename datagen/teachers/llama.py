"""A copy of a model in this process, which reads what many requests begin with once: worked examples.

An answer must follow from its request alone, and sums in another order give other tokens after a while (measured: 18 of
35 answers, with llama.cpp's own cache of prompts, which keeps whatever two requests in a row begin alike with). So what
is kept is what the request itself says, the turns before its question, and it is always read in the same two steps.
"""

import threading
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from schemas.generation.teacher import EmbeddedTeacher

Body = Mapping[str, JsonValue]
"""Of a chat completion, as in `datagen.teachers.chat_api`."""


class _Server(Protocol):
    """What is used of ``xllamacpp.Server``, which has no types."""

    def handle_chat_completions(self, body: Body) -> dict[str, object]: ...


class Llama:
    """Answers one request at a time; the model is loaded for the first."""

    def __init__(self, model: Path, setting: EmbeddedTeacher) -> None:
        self._model, self._setting = model, setting
        self._busy = threading.Lock()
        self.kept: Body | None = None
        """The opening that it has read last and keeps."""

    def complete(self, body: Body) -> dict[str, object]:
        """The reply to the body of a chat completion."""
        before = opening(body)
        with self._busy:
            kept, self.kept = self.kept, None
            readable = before is not None and self._read(before, again=before == kept)
            reply = self._server.handle_chat_completions({**body, "cache_prompt": readable})
            if readable and "error" not in reply:
                self.kept = before
        return reply

    @cached_property
    def _server(self) -> _Server:
        return _start(self._model, self._setting)

    def _read(self, before: Body, *, again: bool) -> bool:
        """Read an opening, or only forget what came after it; whether there is one to go on from.

        llama.cpp reads at least one token of what it has read already. So the last one is always read alone, the first
        time too.
        """
        question: dict[str, JsonValue] = {**before, "max_tokens": 0}
        if not again:
            self._server.handle_chat_completions({**question, "cache_prompt": False})
        return "error" not in self._server.handle_chat_completions({**question, "cache_prompt": True})


def opening(body: Body) -> Body | None:
    """All that comes before the question, where that ends with an answer; None where nothing was answered before."""
    messages = body["messages"]
    if not isinstance(messages, list) or len(messages) < 2:
        return None
    last = messages[-2]
    if not isinstance(last, dict) or last["role"] != "assistant":
        return None
    return {"messages": messages[:-1]} | {key: body[key] for key in ("tools",) if key in body}


def _start(model: Path, setting: EmbeddedTeacher) -> _Server:
    """A server in this process: one slot, nothing kept unless a request says so, nothing logged."""
    xllamacpp = import_module("xllamacpp")  # 100 MB, and only this teacher needs it

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = setting.context_tokens
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = setting.threads
    parameters.cpuparams_batch.n_threads = setting.threads
    parameters.cache_prompt = False
    parameters.cache_ram_mib = 0
    parameters.verbosity = -1
    return xllamacpp.Server(parameters)
