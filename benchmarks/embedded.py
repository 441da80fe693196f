"""Answers a second of the embedded teacher, which keeps what requests have in common, and with every prompt read whole.

    python -m benchmarks.embedded --input '../shared/data/summarization/*.jsonl.gz' [--limit 60] [--samples 1]

The prompts are those of the recipe `summaries`, asked as a run asks them; each way in a process of its own, one after
the other, which loads the model first. Memory is the most that any one copy of the model held, its file included,
which all share.
"""

import argparse
import asyncio
import multiprocessing
import resource
import time
from unittest.mock import patch

from datagen.run.inputs import find_payload_files
from datagen.run.plan import spread
from datagen.run.prepare import prepare
from datagen.run.prompts import Prompts, to_request
from datagen.run.suitable import SuitablePayloads
from datagen.teachers.copies import WAITING
from datagen.teachers.embedded import Embedded, copies
from datagen.teachers.llama import Body, Llama
from pipelines.engine.shard import make_shards
from schemas.generation.request import GenRequest
from schemas.generation.teacher import EmbeddedTeacher
from schemas.recipe.load import load_summaries

Found = tuple[float, int, int, list[str]]
"""Seconds, characters written, most bytes of memory, answers."""


class Forgetful(Llama):
    """Reads each prompt whole."""

    def complete(self, body: Body) -> dict[str, object]:
        """The reply to a body."""
        return self._running().handle_chat_completions({**body, "cache_prompt": False})


def prompts(pattern: str, limit: int, samples: int) -> list[GenRequest]:
    """The requests of a run over these files."""
    recipe = load_summaries("summaries")
    shards = make_shards(find_payload_files([pattern]))
    limits = spread(limit, shards) or {}
    found: list[GenRequest] = []
    for shard in shards:
        most = limits[shard.name]
        payloads = (prepare(each, recipe) for each in SuitablePayloads(recipe, shard.input.uri, most))
        asked = Prompts(recipe, payloads, most, teacher_is_remote=False)
        found += [to_request(recipe, prompt, sample) for prompt in asked for sample in range(samples)]
    return found


async def answers(teacher: Embedded, asked: list[GenRequest], at_once: int) -> list[str]:
    """What it says, in the order of the requests."""
    places = asyncio.Semaphore(at_once)

    async def one(request: GenRequest) -> str:
        async with places:
            return (await teacher.send(request)).text

    return await asyncio.gather(*map(one, asked))


def measure(kind: type[Llama], asked: list[GenRequest]) -> Found:
    """One way of reading, in this process."""
    setting = EmbeddedTeacher()
    with patch("datagen.teachers.embedded.Llama", kind):
        teacher = Embedded(setting)
    at_once = copies(setting.threads)
    asyncio.run(answers(teacher, asked[:at_once], at_once))  # loads the copies
    began = time.monotonic()
    said = asyncio.run(answers(teacher, asked, WAITING * at_once))
    seconds = time.monotonic() - began
    del teacher  # ends the copies: the system tells the most that an ended child held
    return seconds, sum(map(len, said)), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, said


def main() -> None:
    """Both ways, a line each, and how much faster the first is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--samples", type=int, default=1)
    options = parser.parse_args()
    asked = prompts(options.input, options.limit, options.samples)
    found: dict[str, Found] = {}
    for name, kind in (("kept", Llama), ("read whole", Forgetful)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, characters, memory, _ = found[name] = pool.apply(measure, (kind, asked))
        print(f"{name:<11} {len(asked)} answers, {characters:,} characters, {seconds:6.1f} s, "
              f"{len(asked) / seconds:5.2f} answers/s, {memory / 2**20:,.0f} MiB", flush=True)  # fmt: skip
    kept, whole = found["kept"], found["read whole"]
    print(f"{whole[0] / kept[0]:.2f} times as fast; {sum(map(str.__eq__, kept[3], whole[3]))} answers the same")


if __name__ == "__main__":
    main()
