"""A model for the process that starts it: ``python -m datagen.teachers.llama_cpp MODEL CONTEXT_TOKENS THREADS``.

Says ``{}`` when the model is loaded; then answers each JSON line, the body of a chat completion, with one. It ends with
its input, and so with the process that started it, however that ends.
"""

import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import IO, Protocol

ERRORS_ONLY = 1


class _Server(Protocol):
    """What is used of ``xllamacpp.Server``, which has no types."""

    def handle_chat_completions(self, body: object) -> dict[str, object]: ...


def serve(model: str, context_tokens: int, threads: int, replies: IO[str]) -> None:
    """Until standard input ends. Raises SystemExit: the model cannot be loaded."""
    try:
        server = load(model, context_tokens, threads)
    except RuntimeError as error:
        sys.exit(str(error))  # llama.cpp has said why
    print("{}", file=replies, flush=True)
    for line in sys.stdin:
        print(json.dumps(server.handle_chat_completions(json.loads(line))), file=replies, flush=True)


def load(model: str, context_tokens: int, threads: int) -> _Server:
    """A server in this process: one slot, nothing kept unless a request says so."""
    xllamacpp = import_module("xllamacpp")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.n_ctx = context_tokens
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    parameters.cache_prompt = False
    parameters.cache_ram_mib = 0
    parameters.verbosity = ERRORS_ONLY
    return xllamacpp.Server(parameters)


if __name__ == "__main__":
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever llama.cpp prints is no reply
    with suppress(BrokenPipeError):  # nobody waits for the reply any more
        serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), replies)
    os._exit(0)  # with nothing more to say, and nothing to tidy up
