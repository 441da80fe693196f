"""The process that others are forked from: it imports, loads and compiles once what all of them need.

Run as ``python -m pipelines.engine.forks.server DESCRIPTOR``. It is a program of its own because forking the caller,
with the threads of Beam and gRPC, is not safe; it never starts a thread itself. It ends when its caller has gone.
"""

import gc
import json
import logging
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import FrameType

LENGTH = struct.Struct("<I")
"""Bytes of the request that follows; the files come with it."""
PROCESS = struct.Struct("<i")
"""The answer to a request to fork: the number of the new process."""
MOST_FILES = 4
Argument = Mapping[str, object] | Sequence[object] | None
"""What the function is called with; it travels as JSON."""


def main() -> None:
    """Serve the caller at the other end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, whose end is noticed here.
    logging.basicConfig(level=logging.CRITICAL)  # Libraries warn of what they lack when they are imported.
    serve(socket.socket(fileno=int(sys.argv[1])))


def serve(control: socket.socket) -> None:
    """Do what is asked for, until the caller has gone."""
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        head, files, _, _ = socket.recv_fds(control, LENGTH.size, MOST_FILES)
        if not head:
            return
        target, argument, forks = json.loads(_receive(control, LENGTH.unpack(head)[0]))
        if not forks:
            _call(target, argument)
            continue
        gc.freeze()  # Children share these objects' memory until they change them; the collector would change them all.
        process = os.fork()
        if process == 0:
            control.close()
            run(target, argument, files)
        for file in files:
            os.close(file)
        control.sendall(PROCESS.pack(process))


def run(target: str, argument: Argument, files: list[int]) -> None:
    """Be the process that was asked for: does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    try:
        _find(target)(argument, files)
        code = 0
    except Exception:  # noqa: BLE001 - the end of the process, as the interpreter itself would end it
        traceback.print_exc()
    finally:
        os._exit(code)


def _reap(_number: int, _frame: FrameType | None) -> None:
    """Take away the children that have ended; what they used is then counted as this process's."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _call(target: str, argument: Argument) -> None:
    """Prepare something; what fails here fails again, and is reported, in the process that needs it."""
    gc.disable()  # Importing makes a million objects that stay: looking through them again and again takes a quarter.
    try:
        _find(target)(argument)
    except Exception:
        logging.getLogger(__name__).info("%s has failed", target, exc_info=True)
    gc.enable()


def _find(target: str) -> Callable[..., object]:
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _receive(control: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        part = control.recv(length - len(received))
        if not part:
            raise EOFError("the caller ended within a request")
        received += part
    return bytes(received)


if __name__ == "__main__":
    main()
