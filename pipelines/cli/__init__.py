"""The command line: one file a command.

Heavy imports stay inside the commands, so that `orchard --help` answers at once.
"""

from pipelines.cli.app import main

__all__ = ["main"]
