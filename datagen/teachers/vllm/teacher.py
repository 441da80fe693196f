"""The teacher behind a vLLM server that this run has started."""

import os
from types import TracebackType
from typing import Self

import httpx
from pydantic import JsonValue

from datagen.teachers.endpoint import Endpoint
from datagen.teachers.vllm.guests import hold
from schemas.generation.request import GenRequest
from schemas.generation.teacher import EndpointTeacher, VllmTeacher

NOT_STARTED = "http://127.0.0.1:9/v1"
"""Where nobody listens: enough to look up what was answered before."""


class VllmEndpoint(Endpoint):
    """As any endpoint, but its address means nothing: it changes with every start. Keeps the server while it asks."""

    def __init__(self, setting: VllmTeacher, url: str, timeout_seconds: float) -> None:
        endpoint = EndpointTeacher(url=url, model=setting.model, revision=setting.revision)
        super().__init__(endpoint, timeout_seconds)
        self._started_with = list(setting.arguments)
        self._port = httpx.URL(url).port
        self._held: int | None = None

    def sent(self, request: GenRequest) -> JsonValue:
        """How the server was started, the revision and the body."""
        started: JsonValue = ["vllm", *self._started_with]
        return [started, self._setting.revision, self._body(request)]

    async def __aenter__(self) -> Self:
        self._held = None if self._port is None else hold(self._port)
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, traceback)
        if self._held is not None:
            os.close(self._held)
            self._held = None


def vllm_teacher(setting: VllmTeacher, url: str | None, timeout_seconds: float) -> VllmEndpoint:
    """The teacher; without ``url`` the server is not running, and there are only answers of earlier runs."""
    return VllmEndpoint(setting, url or NOT_STARTED, timeout_seconds)
