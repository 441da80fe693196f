"""Which Beam runner executes a pipeline, and with which options."""

from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

LOCAL = "local"


def pipeline_options(runner: str, workers: int, extra: Sequence[str]) -> PipelineOptions:
    """Options for a run; ``extra`` are Beam options as on a command line (``--region=...``) for a remote runner.

    Locally the FnApiRunner is used by its own class: ``DirectRunner`` changes engines with the pipeline's content, and
    its ``multi_threading`` mode loses elements. One worker runs in this process, more run as processes.
    """
    if runner != LOCAL:
        return PipelineOptions([f"--runner={runner}", *extra])
    mode = "in_memory" if workers == 1 else "multi_processing"
    return PipelineOptions(
        [
            f"--direct_running_mode={mode}",
            f"--direct_num_workers={workers}",
            "--default_sdk_harness_log_level=CRITICAL",  # errors come as exceptions and over the side channel
        ]
    )


def local_runner() -> PipelineRunner:
    """Beam's portable runner on this machine."""
    return FnApiRunner()
