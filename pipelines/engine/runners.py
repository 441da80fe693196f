"""Which Beam runner executes a pipeline, and with which options."""

from collections.abc import Sequence

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

from pipelines.engine.forks.client import CAN_FORK
from pipelines.engine.forks.environment import forked_environment

LOCAL = "local"
FORKED = "forked"


def pipeline_options(runner: str, workers: int, extra: Sequence[str]) -> PipelineOptions:
    """Options for a run; ``extra`` are Beam options as on a command line (``--region=...``) for a remote runner.

    Locally the FnApiRunner is used by its own class: ``DirectRunner`` changes engines with the pipeline's content, and
    its ``multi_threading`` mode loses elements. One worker runs in this process, more run as processes.
    """
    if runner != LOCAL:
        return PipelineOptions([f"--runner={runner}", *extra])
    mode = "in_memory" if workers == 1 else "multi_processing"
    options = PipelineOptions(
        [
            f"--direct_running_mode={mode}",
            f"--direct_num_workers={workers}",
            "--default_sdk_harness_log_level=CRITICAL",  # errors come as exceptions and over the side channel
        ]
    )
    if workers > 1 and CAN_FORK:
        # No mode of Beam's own, of which each would replace the runner's environment.
        options.view_as(DirectOptions).direct_running_mode = FORKED
    return options


def local_runner(workers: int) -> PipelineRunner:
    """Beam's portable runner on this machine."""
    return FnApiRunner(forked_environment() if workers > 1 and CAN_FORK else None)
