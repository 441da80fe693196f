"""Stands in for vLLM's server: two processes in one group, a health check, and orders by the name of the model.

    python tests/support/fake_vllm.py PORT FOLDER [die-after=N]

It notes the ids of its processes in FOLDER. With ``die-after`` it ends, hard, with the N-th answer; once only.
"""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[2])
DIE_AFTER = int(sys.argv[3].partition("=")[2]) if len(sys.argv) > 3 else 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answered = 0

    def reply(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.reply(b"{}")

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"]))
        Handler.answered += 1
        marker = FOLDER / "died"
        if DIE_AFTER and Handler.answered == DIE_AFTER and not marker.exists():
            marker.touch()
            os._exit(3)
        text = json.loads(asked)["messages"][-1]["content"].upper()
        usage = {"prompt_tokens": 1, "completion_tokens": 1}
        choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        self.reply(json.dumps({"choices": [choice], "usage": usage}).encode())

    def log_message(self, *args: object) -> None:
        pass


if __name__ == "__main__":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with (FOLDER / "processes").open("a") as file:
        file.write(f"{os.getpid()} {child.pid}\n")
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
