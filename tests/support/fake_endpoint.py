"""A server that speaks the chat API and misbehaves as told: real HTTP, a program of its own.

    python tests/support/fake_endpoint.py LOG [--port P] [--refuse 0.3] [--break 0.05] [--hang 0.01] [--malform 0.01]
        [--seconds 0.02] [--at-once 16] [--rate 100] [--seed 0] [--key KEY]

It prints its port, then logs a JSON line a request: time, what it did, and the digest of the body. The answer is a
function of the body alone; the faults are not, so that another try may succeed. What has the word REFUSE-ME in it
gets a 400, always; what has the word SAY-THE-SAME gets the same answer.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
import time
from pathlib import Path

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 429: "Too Many Requests", 500: "Internal Server Error"}


class Server:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.random = random.Random(options.seed)
        self.log = Path(options.log).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115
        self.busy = 0
        self.next_at = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line)
                lower = {name.lower(): value for name, value in headers.items()}
                body = await reader.readexactly(int(lower.get("content-length", 0)))
                status, answer, extra = await self.answer(head.split()[1].decode(), lower, body, reader)
                reply = f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-length: {len(answer)}\r\n{extra}\r\n"
                writer.write(reply.encode() + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(
        self, path: str, headers: dict[str, str], body: bytes, client: asyncio.StreamReader
    ) -> tuple[int, bytes, str]:
        options = self.options
        if path.endswith("/models") or path.endswith("/health"):
            return 200, b'{"object": "list", "data": []}', ""
        if options.key and headers.get("authorization") != f"Bearer {options.key}":
            return 401, f"wrong key {headers.get('authorization')}".encode(), ""
        if b"REFUSE-ME" in body:
            return self.say("refused", body, 400, b'{"error": "I will not"}')
        if self.busy >= options.at_once or not self.has_rate():
            return self.say("overload", body, 429, b"", f"retry-after: {options.retry_after}\r\n")
        fault = self.random.random()
        if fault < options.refuse:
            return self.say("429", body, 429, b"", f"retry-after: {options.retry_after}\r\n")
        self.busy += 1
        try:
            return await self.work(fault - options.refuse, body, client)
        finally:
            self.busy -= 1

    def has_rate(self) -> bool:
        """A leaky bucket without a reserve."""
        now = time.monotonic()
        if now < self.next_at:
            return False
        if self.options.rate:
            self.next_at = max(now - 1 / self.options.rate, self.next_at) + 1 / self.options.rate
        return True

    async def work(self, fault: float, body: bytes, client: asyncio.StreamReader) -> tuple[int, bytes, str]:
        options = self.options
        if fault < options.fail:
            return self.say("500", body, 500, b"oops")
        if fault < options.fail + options.hang:
            self.write("hang", body)
            await asyncio.sleep(options.hang_seconds)
            return 500, b"late", ""
        await asyncio.sleep(options.seconds * self.random.uniform(0.5, 1.5))
        if client.at_eof():
            return self.say("gone", body, 500, b"the client has left")
        if fault < options.fail + options.hang + options.malform:
            return self.say("malformed", body, 200, b'{"choices": [{"mess')
        return self.say("answered", body, 200, completion(body))

    def say(self, what: str, body: bytes, status: int, answer: bytes, extra: str = "") -> tuple[int, bytes, str]:
        self.write(what, body)
        return status, answer, extra

    def write(self, what: str, body: bytes) -> None:
        line = {"at": time.monotonic(), "what": what, "body": hashlib.sha256(body).hexdigest(), "busy": self.busy}
        self.log.write(json.dumps(line) + "\n")


def value_of(field: dict, text: str) -> object:
    """Something of the type that a field asks for."""
    if field.get("type") == "array":
        return [f"{text} One.", f"{text} Two."]
    return field["enum"][0] if "enum" in field else text


def completion(body: bytes) -> bytes:
    """What a model of this name would say: a JSON object if a schema was sent, else a sentence."""
    request = json.loads(body)
    digest = hashlib.sha256(body).hexdigest()
    text = "The same answer." if b"SAY-THE-SAME" in body else f"Answer {digest[:12]}."
    if "response_format" in request:
        schema = request["response_format"]["json_schema"]["schema"]
        fields = {name: value_of(field, text) for name, field in schema["properties"].items()}
        text = json.dumps(fields, separators=(",", ":"))
    words = sum(len(message["content"]) for message in request["messages"]) // 4
    usage = {"prompt_tokens": words + 4, "completion_tokens": 10}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"id": digest, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()


async def main(options: argparse.Namespace) -> None:
    server = Server(options)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", options.port, backlog=512)
    sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listening.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--port", type=int, default=0)
    for name in ("refuse", "hang", "malform", "rate"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    parser.add_argument("--break", dest="fail", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--hang-seconds", type=float, default=2)
    parser.add_argument("--retry-after", default="0")
    parser.add_argument("--at-once", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--key")
    asyncio.run(main(parser.parse_args()))
