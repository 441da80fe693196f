"""Who still needs a server: its keeper does not end it with the run while one of them holds its lock.

A run that was killed cannot say so; what it has asked for is on its way to its courier.
"""

import fcntl
import os
from pathlib import Path

from datagen.teachers.vllm.orphans import states_folder


def guests_file(port: int) -> Path:
    """The file that those lock who need the server at that port."""
    return states_folder() / f"{port}.guests"


def hold(port: int) -> int:
    """A descriptor that keeps the server until it is closed, or its process ends. Raises OSError."""
    descriptor = os.open(guests_file(port), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor
