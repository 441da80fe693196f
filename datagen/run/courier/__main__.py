"""Starts the courier: ``python -m datagen.run.courier DESCRIPTOR``, of the socket to the run."""

import asyncio
import socket
import sys

from datagen.run.courier.program import serve

if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1]))))
