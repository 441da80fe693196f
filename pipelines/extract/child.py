"""The process that starts workers: it has the engine in memory and forks, in milliseconds, whenever one is needed.

A Beam worker has it forked (``run``) from the server in ``pipelines/engine/forks``. Elsewhere it is run as
``python -m pipelines.extract.child DESCRIPTOR`` with the engine and its settings as JSON on standard input: forking the
caller, which may have threads, is not safe; and ``multiprocessing``'s fork server imports the caller's main module anew
into every child.
"""

import gc
import json
import logging
import os
import signal
import socket
import struct
import sys
import warnings
from typing import Any

from pydantic import TypeAdapter

from pipelines.extract.engines.registry import prepare_engine
from pipelines.extract.page import Engine
from pipelines.extract.worker import work
from schemas.recipe.extract import EngineSettings, ExtractSettings

START = b"S"
"""Start a worker; its socket comes with the command."""
WAIT = b"W"
"""Answer with the exit code of the worker, once it has ended (negative: the signal that ended it)."""
KILL = b"K"
"""End the worker, then as ``WAIT``."""
EXIT_CODE = struct.Struct("<i")
READY = b"\n"

WARM_UP = "<html lang=en><head><title>A</title></head><body><h1>A</h1><article><p>3 mars 2021<p>" + "Some words. " * 30
"""A page that makes an engine import, compile and read what it puts off until it is needed: each worker would do it
anew, and they are many."""


def main() -> None:
    """Be a program of its own."""
    _work_for(socket.socket(fileno=int(sys.argv[1])), json.load(sys.stdin))


def run(order: dict[str, Any], files: list[int]) -> None:
    """Be a fork; ``files`` are the socket to the caller, and stderr."""
    control, stderr = files
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        for file, standard in ((nothing.fileno(), 0), (nothing.fileno(), 1), (stderr, 2)):
            os.dup2(file, standard)
    os.close(stderr)
    _work_for(socket.socket(fileno=control), order)


def _work_for(control: socket.socket, order: dict[str, Any]) -> None:
    """Prepare the engine, say so, and start workers until the caller has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, whose end is noticed here.
    logging.disable()
    warnings.simplefilter("ignore")
    settings: EngineSettings = TypeAdapter(ExtractSettings).validate_python(order["settings"])
    try:
        engine = warm_engine(order["module"], settings)
    except (ImportError, ValueError) as error:
        control.sendall(f"{error}\n".encode())
        return
    control.sendall(READY)
    gc.collect()
    gc.freeze()  # Workers share these objects' memory until they change them; the collector would change them all.
    _serve(control, engine, settings)


def warm_engine(module: str, settings: EngineSettings) -> Engine:
    """An engine that has imported and compiled all it needs. Raises ``SettingError`` if it refuses its settings."""
    engine = prepare_engine(module, settings)
    engine(WARM_UP, None, None)
    return engine


def _serve(control: socket.socket, engine: Engine, settings: EngineSettings) -> None:
    worker = None
    while True:
        command, files, _, _ = socket.recv_fds(control, 1, 1)
        if command == START:
            worker = os.fork()
            if worker == 0:
                control.close()
                with socket.socket(fileno=files[0]) as requests:
                    work(requests, engine, settings)
                os._exit(0)
            os.close(files[0])
        elif worker is not None:
            if command != WAIT:  # told to, or the caller has gone
                os.kill(worker, signal.SIGKILL)
            _, status = os.waitpid(worker, 0)
            worker = None
            if command:
                control.sendall(EXIT_CODE.pack(os.waitstatus_to_exitcode(status)))
        if not command:
            return


if __name__ == "__main__":
    main()
