"""A copy of a model, which reads once what requests in a row have in common.

An answer must follow from its request alone, and sums in another order give other tokens after a while (measured: 18 of
35 answers, with llama.cpp's own cache of prompts, which keeps whatever two requests in a row begin alike with). So what
is kept is what the request itself says: its opening, the turns before its question, and its prompt, for other samples
of the same one. Whether they are kept or read now, they are read in the same steps.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from datagen.teachers.llama_cpp.process import LlamaProcess
from schemas.generation.teacher import EmbeddedTeacher

Body = Mapping[str, JsonValue]
"""Of a chat completion, as in `datagen.teachers.chat_api`."""


@dataclass(frozen=True)
class Read:
    """What a copy reads of a request."""

    opening: Body | None = None
    """All that comes before the question, if that ends with an answer."""
    prompt: Body | None = None
    """All of it."""


class Llama:
    """Answers one request at a time; the model is loaded for the first, and for the next one after a crash."""

    def __init__(self, model: Path, setting: EmbeddedTeacher) -> None:
        self._model, self._setting = model, setting
        self._busy = threading.Lock()
        self._server: LlamaProcess | None = None
        self.kept = Read()

    def complete(self, body: Body) -> dict[str, object]:
        """The reply to the body of a chat completion.

        Raises:
            SendError: the process of the model has ended meanwhile.
            TeacherError: the model cannot be loaded.
        """
        asked = read_of(body)
        with self._busy:
            server = self._running()
            kept, self.kept = self.kept, Read()
            is_read = asked.prompt == kept.prompt or _read(server, asked, kept)
            reply = server.handle_chat_completions({**body, "cache_prompt": is_read})
            if is_read and "error" not in reply:
                self.kept = asked
        return reply

    def _running(self) -> LlamaProcess:
        """The process of the model; a new one has read nothing."""
        if self._server is None or self._server.has_ended:
            self._server, self.kept = LlamaProcess(self._model, self._setting), Read()
        return self._server


def _read(server: LlamaProcess, asked: Read, kept: Read) -> bool:
    """Read the opening, or forget what came after it, and then the prompt; whether that could be read.

    llama.cpp reads the last token again of what it has read already, alone. So the opening is read again the first
    time too, as it is later on.
    """
    on_opening = False
    if asked.opening is not None:
        if asked.opening != kept.opening:
            _take_in(server, asked.opening, on_what_is_kept=False)
        on_opening = _take_in(server, asked.opening, on_what_is_kept=True)
    return asked.prompt is not None and _take_in(server, asked.prompt, on_what_is_kept=on_opening)


def _take_in(server: LlamaProcess, turns: Body, *, on_what_is_kept: bool) -> bool:
    reply = server.handle_chat_completions({**turns, "max_tokens": 0, "cache_prompt": on_what_is_kept})
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
