"""Ends a worker whose driver was killed: Beam's workers may wait for it for ever."""

import os
import threading
import time
from functools import lru_cache

import psutil

POLL_SECONDS = 1.0


@lru_cache(maxsize=1)
def end_with(driver: int) -> None:
    """End this process as soon as the process ``driver`` is gone; does nothing in the driver itself.

    What the worker was writing is left under a temporary name, which the next run removes.
    """
    if driver != os.getpid():
        threading.Thread(target=_watch, args=(driver,), daemon=True).start()


def _watch(driver: int) -> None:
    while _is_alive(driver):
        time.sleep(POLL_SECONDS)
    os._exit(1)


def _is_alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
