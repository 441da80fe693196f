"""Starts the misbehaving endpoint, and reads what it has logged."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemas.chat import ChatMessage
from schemas.fingerprint import fingerprint
from schemas.generation.request import GenRequest

PROGRAM = Path(__file__).with_name("fake_endpoint.py")


@dataclass(frozen=True)
class FakeEndpoint:
    """A server that runs."""

    url: str
    log: Path

    def lines(self) -> list[dict]:
        """What it has done, a line each."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def answered(self) -> Counter[str]:
        """How often each body was answered."""
        return Counter(line["body"] for line in self.lines() if line["what"] == "answered")

    def did(self) -> Counter[str]:
        """How often it did what."""
        return Counter(line["what"] for line in self.lines())


@contextmanager
def fake_endpoint(folder: Path, **options: float | str) -> Iterator[FakeEndpoint]:
    """The server for the time of the block; options as the program's, with ``_`` for ``-``."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "endpoint.jsonl"
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen([sys.executable, str(PROGRAM), str(log), *flags], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = process.stdout.readline().split()[0]
        yield FakeEndpoint(f"http://127.0.0.1:{port}/v1", log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def requests(count: int, text: str = "Summarise message {}.", **fields) -> list[GenRequest]:
    """Requests that differ."""
    return [
        GenRequest(
            request_id=fingerprint([text, number]),
            task="test",
            messages=(ChatMessage(role="user", content=text.format(number)),),
            **fields,
        )
        for number in range(count)
    ]
