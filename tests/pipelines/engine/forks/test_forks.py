import os
import socket
import sys
from contextlib import suppress

import psutil
import pytest

from pipelines.engine.forks.client import CAN_FORK, ForkError, ForkServer, current, start
from pipelines.engine.forks.server import serve

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="workers are forked on Linux only")


def remember(word):
    """Called in the server."""
    sys.modules["__remembered__"] = word


def break_down(_):
    """Called in the server."""
    raise ValueError("broken")


def tell(argument, files):
    """Called in a fork."""
    with socket.socket(fileno=files[0]) as out:
        out.sendall(repr((argument, sys.modules.get("__remembered__"), os.environ.get("TZ"))).encode())
        out.recv(1)


def end(code, _files):
    """Called in a fork."""
    os._exit(code[0])


def test_a_fork_has_what_its_server_has_loaded_and_takes_its_files():
    server = start()
    assert start() is server is current()
    server.call(f"{__name__}:remember", ["apple"])
    server.call(f"{__name__}:break_down", None)  # is the business of those who need it
    ours, theirs = socket.socketpair()
    with theirs:
        process = server.fork(f"{__name__}:tell", {"tree": 7}, [theirs.fileno()])
    with ours:
        assert ours.recv(1000).decode() == repr(({"tree": 7}, ["apple"], "UTC"))
        family = psutil.Process().children(recursive=True)
        assert process in [each.pid for each in family], "its processor time and memory are this process's"


def test_a_fork_that_has_ended_leaves_no_zombie():
    process = start().fork(f"{__name__}:end", [3], [])
    with suppress(psutil.NoSuchProcess):
        psutil.Process(process).wait(5)
    assert not psutil.pid_exists(process)


def test_a_server_that_is_gone_says_so():
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        ours.close()
        serve(theirs)
        os._exit(0)
    theirs.close()
    server = ForkServer(ours, process)
    os.kill(process, 9)
    with pytest.raises(ForkError, match="has ended"):
        server.fork(f"{__name__}:end", [0], [])


def test_a_server_that_imports_from_elsewhere_is_not_used(monkeypatch, tmp_path):
    server = start()
    assert current() is server
    monkeypatch.syspath_prepend(str(tmp_path))
    assert current() is None
    other = start()
    assert other is not server
    assert current() is other
