"""The side that asks: starts a process with the model, hands it requests, and ends it."""

import json
import signal
import subprocess
import sys
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO

from pydantic import JsonValue

from datagen.errors import TeacherError
from datagen.teachers.teacher import SendError
from schemas.generation.teacher import EmbeddedTeacher

SAID_CHARACTERS = 1500


class LlamaProcess:
    """Lives as long as this object, and no longer than this process."""

    def __init__(self, model: Path, setting: EmbeddedTeacher) -> None:
        """Done when the model is loaded. Raises TeacherError: it cannot be loaded."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `_end`)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "datagen.teachers.llama_cpp",
             str(model), str(setting.context_tokens), str(setting.threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, start_new_session=True,
        )  # fmt: skip
        weakref.finalize(self, _end, self._process, self._said)
        if not self._next_line():
            raise TeacherError(
                f"teacher.model: {model} cannot be loaded: it must be a whole GGUF file, and need no more memory than "
                f"there is; {self._how_it_ended()}"
            )

    @property
    def has_ended(self) -> bool:
        """Whether it was killed or has crashed."""
        return self._process.poll() is not None

    def handle_chat_completions(self, body: dict[str, JsonValue]) -> dict[str, object]:
        """The reply to the body of a chat completion. Raises SendError: it has ended meanwhile."""
        line = self._next_line(json.dumps(body).encode() + b"\n")
        if not line.endswith(b"\n"):
            raise SendError("server_error", self._how_it_ended())
        return json.loads(line)

    def _next_line(self, asked: bytes = b"") -> bytes:
        """What it says to that; nothing or half a line when it has ended."""
        requests, replies = self._process.stdin, self._process.stdout
        if requests is None or replies is None:
            raise TypeError("both are pipes")
        with suppress(BrokenPipeError):
            requests.write(asked)
            requests.flush()
        return replies.readline()

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        how = f"exit code {code}" if code >= 0 else f"signal {-code}, {signal.strsignal(-code)}"
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")[-SAID_CHARACTERS:].strip()
        return f"the process of the model has ended ({how}){said and '. It said:'}\n{said}".strip()


def _end(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """At once: it holds nothing that would be lost."""
    with said, suppress(BrokenPipeError), process:  # closes the pipes, and waits
        process.kill()
