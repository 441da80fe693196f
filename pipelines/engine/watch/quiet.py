"""Keeps the chatter of Beam's worker processes off the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def stderr_to(path: Path | None) -> Iterator[None]:
    """Send what this process and those it starts write to stderr to a file; None changes nothing.

    Beam's workers log dozens of lines before they know their log level, and inherit stderr. Errors do not get lost:
    they come back as exceptions.
    """
    if path is None:
        yield
        return
    sys.stderr.flush()
    terminal = os.dup(2)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(log)
