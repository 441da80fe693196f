"""The teacher behind a vLLM server that this run has started."""

from pydantic import JsonValue

from datagen.teachers.endpoint import Endpoint
from schemas.generation.request import GenRequest
from schemas.generation.teacher import EndpointTeacher, VllmTeacher

NOT_STARTED = "http://127.0.0.1:9/v1"
"""Where nobody listens: enough to look up what was answered before."""


class VllmEndpoint(Endpoint):
    """As any endpoint, but its address means nothing: it changes with every start."""

    def __init__(self, setting: VllmTeacher, url: str, timeout_seconds: float) -> None:
        endpoint = EndpointTeacher(url=url, model=setting.model, revision=setting.revision)
        super().__init__(endpoint, timeout_seconds)
        self._started_with = list(setting.arguments)

    def sent(self, request: GenRequest) -> JsonValue:
        """How the server was started, the revision and the body."""
        started: JsonValue = ["vllm", *self._started_with]
        return [started, self._setting.revision, self._body(request)]


def vllm_teacher(setting: VllmTeacher, url: str | None, timeout_seconds: float) -> VllmEndpoint:
    """The teacher; without ``url`` the server is not running, and there are only answers of earlier runs."""
    return VllmEndpoint(setting, url or NOT_STARTED, timeout_seconds)
