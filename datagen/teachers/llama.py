"""A copy of a model in this process, which reads once what requests in a row have in common.

An answer must follow from its request alone, and sums in another order give other tokens after a while (measured: 18 of
35 answers, with llama.cpp's own cache of prompts, which keeps whatever two requests in a row begin alike with). So what
is kept is what the request itself says: its opening, the turns before its question, and its prompt, for other samples
of the same one. Whether they are kept or read now, they are read in the same steps.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Read:
    """What a copy reads of a request."""

    opening: Body | None = None
    """All that comes before the question, if that ends with an answer."""
    prompt: Body | None = None
    """All of it."""


class Llama:
    """Answers one request at a time; the model is loaded for the first."""

    def __init__(self, model: Path, setting: EmbeddedTeacher) -> None:
        self._model, self._setting = model, setting
        self._busy = threading.Lock()
        self.kept = Read()

    def complete(self, body: Body) -> dict[str, object]:
        """The reply to the body of a chat completion."""
        asked = read_of(body)
        with self._busy:
            kept, self.kept = self.kept, Read()
            is_read = asked.prompt == kept.prompt or self._read(asked, kept)
            reply = self._server.handle_chat_completions({**body, "cache_prompt": is_read})
            if is_read and "error" not in reply:
                self.kept = asked
        return reply

    @cached_property
    def _server(self) -> _Server:
        return _start(self._model, self._setting)

    def _read(self, asked: Read, kept: Read) -> bool:
        """Read the opening, or forget what came after it, and then the prompt; whether that could be read.

        llama.cpp reads the last token again of what it has read already, alone. So the opening is read again the first
        time too, as it is later on.
        """
        on_opening = False
        if asked.opening is not None:
            if asked.opening != kept.opening:
                self._take_in(asked.opening, on_what_is_kept=False)
            on_opening = self._take_in(asked.opening, on_what_is_kept=True)
        return asked.prompt is not None and self._take_in(asked.prompt, on_what_is_kept=on_opening)

    def _take_in(self, turns: Body, *, on_what_is_kept: bool) -> bool:
        reply = self._server.handle_chat_completions({**turns, "max_tokens": 0, "cache_prompt": on_what_is_kept})
        return "error" not in reply


def read_of(body: Body) -> Read:
    """What there is to read of the body of a request."""
    tools = {key: body[key] for key in ("tools",) if key in body}
    messages = body["messages"]
    prompt: Body = {"messages": messages, **tools}
    if not isinstance(messages, list) or len(messages) < 2:
        return Read(None, prompt)
    last = messages[-2]
    if not isinstance(last, dict) or last["role"] != "assistant":
        return Read(None, prompt)
    return Read({"messages": messages[:-1], **tools}, prompt)


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
