"""A Beam worker as a forked process."""

import os

import apache_beam
from apache_beam.runners.worker import sdk_worker_main

from pipelines.engine.forks.client import fork_own_server

ADDRESS, OPTIONS, NAME = "CONTROL_API_SERVICE_DESCRIPTOR", "PIPELINE_OPTIONS", "WORKER_ID"
"""What Beam's worker looks for in its environment."""


def import_beam(_: None) -> str:
    """Have Beam in memory; returns its version."""
    return apache_beam.__version__


def run(environment: dict[str, str], files: list[int]) -> None:
    """Work for the runner that ``environment`` names, until it wants no more; ``files`` are lifeline and stderr."""
    lifeline, stderr = files
    os.dup2(stderr, 2)
    os.close(stderr)
    server = fork_own_server([lifeline])  # now: Beam starts threads
    os.environ.update(environment)
    try:
        sdk_worker_main.main([])
    finally:
        server.close()
