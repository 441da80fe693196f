"""A teacher behind a URL that speaks the OpenAI chat API."""

import asyncio
import os
import time
from types import TracebackType
from typing import Self

import httpx
from pydantic import JsonValue

from datagen.errors import TeacherError
from datagen.flow.backoff import retry_after_seconds
from datagen.flow.patience import Patience
from datagen.teachers.chat_api import request_body, response_of
from datagen.teachers.teacher import SendError, request_digest
from schemas.generation.request import GenRequest
from schemas.generation.response import GenResponse
from schemas.generation.teacher import EndpointTeacher

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
CONNECT_SECONDS = 10.0
MESSAGE_CHARACTERS = 300
"""How much of a server's error a failure keeps."""
OVERLOADED = frozenset({429, 503, 529})
MISCONFIGURED = {
    401: "the key is missing or wrong",
    403: "the key does not allow this",
    404: "there is no such model or address",
}


class Endpoint:
    """Sends each request once, by one pool of connections."""

    def __init__(self, setting: EndpointTeacher, timeout_seconds: float) -> None:
        """The key is read from the environment when connections are opened, and lives nowhere else."""
        self._setting = setting
        self._patience = Patience(timeout_seconds)
        self._client: httpx.AsyncClient | None = None
        self.name = f"{setting.model}@{setting.revision}" if setting.revision else setting.model
        self.is_local = httpx.URL(setting.url).host in LOCAL_HOSTS

    def sent(self, request: GenRequest) -> JsonValue:
        """The address, the revision and the body."""
        return [self._setting.url, self._setting.revision, self._body(request)]

    def _body(self, request: GenRequest) -> dict[str, JsonValue]:
        return request_body(request, self._setting.model, guided=self._setting.guided)

    async def __aenter__(self) -> Self:
        key = self._key()
        self._client = httpx.AsyncClient(
            base_url=self._setting.url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def send(self, request: GenRequest) -> GenResponse:
        """Send it once; raises as `Teacher.send`."""
        if self._client is None:
            raise TypeError("an endpoint is used inside `async with`")
        digest = request_digest(self, request)
        seconds = self._patience.seconds(digest)
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):  # over all; httpx's own are between two bytes
                reply = await self._client.post("chat/completions", json=self._body(request))
        except (TimeoutError, httpx.TimeoutException) as error:
            self._patience.gave_up(digest)
            raise SendError("timeout", f"no answer in {seconds:.3g} s ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise SendError("connection", f"{type(error).__name__}: {error}") from error
        if reply.status_code != httpx.codes.OK:
            raise self._error(reply)
        response = response_of(reply.content, request, digest, self.name)
        latency = time.monotonic() - began
        self._patience.answered(latency)
        return response.model_copy(update={"latency_seconds": latency})

    def _key(self) -> str:
        return os.environ.get(self._setting.key_variable, "")

    def _error(self, reply: httpx.Response) -> SendError | TeacherError:
        text = reply.text.replace(self._key(), "***") if self._key() else reply.text  # some servers repeat it
        said = f"HTTP {reply.status_code}: {text[:MESSAGE_CHARACTERS]}"
        if (why := MISCONFIGURED.get(reply.status_code)) is not None:
            return TeacherError(
                f"{self._setting.url} refuses {self._setting.model!r}: {why} ({said}). See to teacher.url, "
                f"teacher.model and the key in the environment variable {self._setting.key_variable}"
            )
        if reply.status_code in OVERLOADED:
            return SendError("rate_limited", said, retry_after_seconds(reply.headers))
        if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or reply.status_code == httpx.codes.REQUEST_TIMEOUT:
            return SendError("server_error", said, retry_after_seconds(reply.headers))
        return SendError("refused_request", said)
