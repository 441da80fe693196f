"""Lets Beam's local runner fork its workers (`worker.py`) from a process that has everything in memory."""

import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import psutil
from apache_beam.portability.api import endpoints_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    GrpcServer,
    GrpcWorkerHandler,
    StateServicer,
    WorkerHandler,
)
from apache_beam.transforms.environments import Environment, python_sdk_capabilities
from google.protobuf import json_format, text_format

from pipelines.engine.forks.client import start
from pipelines.engine.forks.worker import ADDRESS, NAME, OPTIONS

URN = "orchard:env:forked:v1"
PATIENCE = 10.0
"""Seconds that a worker may take to end."""
_ended_early: list[str] = []


def take_ended_early() -> list[str]:
    """The names of the workers that have ended before their work was done, since this was asked last."""
    ended = list(_ended_early)
    _ended_early.clear()
    return ended


class ForkedEnvironment(Environment):
    """The environment whose workers are forked."""

    def to_runner_api_parameter(self, context: object) -> tuple[str, bytes]:
        """Its name; there is nothing to set."""
        return URN, b""


def _read_environment(
    _payload: bytes,
    capabilities: Iterable[str],
    artifacts: Iterable[Any],
    resource_hints: Mapping[str, bytes],
    _context: object,
) -> ForkedEnvironment:
    return ForkedEnvironment(capabilities, artifacts, resource_hints)


Environment.register_urn(URN, bytes, _read_environment)  # pyright: ignore[reportCallIssue, reportArgumentType] (Beam's types leave hints out)


def forked_environment() -> ForkedEnvironment:
    """The environment for a runner."""
    return ForkedEnvironment(python_sdk_capabilities())


@WorkerHandler.register_environment(URN, bytes)
class ForkedWorkerHandler(GrpcWorkerHandler):
    """Starts a worker and ends the run if the worker dies, for which Beam's own handlers would wait for ever."""

    def __init__(
        self, _payload: bytes, state: StateServicer, provision_info: ExtendedProvisionInfo, grpc_server: GrpcServer
    ) -> None:
        super().__init__(state, provision_info, grpc_server)
        self._is_closing = False

    def start_worker(self) -> None:
        """Fork it; files: a socket that is closed when it ends, and stderr."""
        address = text_format.MessageToString(endpoints_pb2.ApiServiceDescriptor(url=self.control_address))
        options = json_format.MessageToJson(self.provision_info.provision_info.pipeline_options)
        server = start()
        server.call("pipelines.engine.forks.worker:import_beam", None)
        self._lifeline, theirs = socket.socketpair()
        with theirs:
            environment = {ADDRESS: address, OPTIONS: options, NAME: self.worker_id}
            self._process = server.fork("pipelines.engine.forks.worker:run", environment, [theirs.fileno(), 2])
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        self._lifeline.recv(1)
        if not self._is_closing:
            _ended_early.append(self.worker_id)
            self.control_conn.abort(RuntimeError(f"{self.worker_id} has ended before its work was done"))

    def close(self) -> None:
        """Let the worker end."""
        self._is_closing = True
        super().close()

    def stop_worker(self) -> None:
        """Wait until it has ended."""
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            psutil.Process(self._process).wait(PATIENCE)
