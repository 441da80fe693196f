"""The extraction engines on labelled real pages: quality, CPU time, and what the sandbox adds to it.

usage: python benchmarks/extract_engines.py [--data ../shared/data/web] [--pages 1142] [--rounds 3]

F1 is the mean over pages of the F1 of bags of words (CJK: of characters) against the pages' full texts. CPU times are
of one page on one core: "direct" calls the engine in a loop, "sandbox" counts caller and children without their start,
which is listed apart. Both are the least of the rounds, which alternate.
"""

import argparse
import gzip
import json
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from pipelines.extract.engines.registry import MODULES, engine_version, prepare_engine
from pipelines.extract.page import Extracted, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import ResiliparseSettings, TrafilaturaSettings

VARIANTS = {
    "resiliparse": ResiliparseSettings(),
    "resiliparse, no alt texts": ResiliparseSettings(alt_texts=False),
    "trafilatura": TrafilaturaSettings(),
    "trafilatura, favor_precision": TrafilaturaSettings(favor_precision=True),
    "trafilatura, fast": TrafilaturaSettings(fast=True),
    "trafilatura, with_metadata": TrafilaturaSettings(with_metadata=True),
}
WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W\u3040-\u30ff\u4e00-\u9fff]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "web")
    parser.add_argument("--pages", type=int, default=1142)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="variants whose name contains this")
    arguments = parser.parse_args()
    pages, truth = read(arguments.data, arguments.pages)
    print(f"{len(pages)} pages, {sum(len(page.html) for page in pages) / 1e6:.0f} MB")
    print(f"{'engine':30}{'F1':>7}{'P':>7}{'R':>7}{'direct ms':>11}{'sandbox ms':>12}{'added':>8}{'start s':>9}")
    for name, settings in VARIANTS.items():
        if arguments.only not in name:
            continue
        rounds = [(direct(settings, pages), sandboxed(settings, pages)) for _ in range(arguments.rounds)]
        alone = min(seconds for (seconds, _), _ in rounds) / len(pages)
        outcomes = rounds[0][1][1]
        assert outcomes == rounds[0][0][1], "the sandbox changes what the engine finds"
        inside = min(seconds for _, (seconds, _, _) in rounds) / len(pages)
        start = min(seconds for _, (_, _, seconds) in rounds)
        scores = [
            f1(found.text if isinstance(found, Extracted) else "", true)
            for found, true in zip(outcomes, truth, strict=True)
        ]
        quality = "".join(f"{sum(score[part] for score in scores) / len(scores):7.3f}" for part in range(3))
        added = f"{inside / alone - 1:.1%}"
        print(f"{name:30}{quality}{1e3 * alone:11.2f}{1e3 * inside:12.2f}{added:>8}{start:9.2f}", flush=True)
    print("; ".join(engine_version(settings) for settings in (TrafilaturaSettings(), ResiliparseSettings())))


def read(data: Path, count: int) -> tuple[list[Page], list[str]]:
    """``count`` pages with a full text, drawn at random, and the texts."""
    with gzip.open(data / "web-dev-groundtruth.jsonl.gz", "rt") as lines:
        rows = map(json.loads, lines)
        texts = {row["record_id"]: row["text"] for row in rows if row["kind"] == "full_text" and row["text"]}
    pages = []
    for path in sorted(data.glob("web-dev-0*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                if record.record_id in texts:
                    body = record.reader.read()
                    html = bytes_to_str(body, detect_encoding(body))
                    pages.append(Page(record.record_id, html, record.headers.get("WARC-Target-URI")))
    random.Random(0).shuffle(pages)
    return pages[:count], [texts[page.id] for page in pages[:count]]


def direct(settings: ResiliparseSettings | TrafilaturaSettings, pages: Sequence[Page]) -> tuple[float, list[Extracted]]:
    """CPU seconds of the engine in a loop, and what it finds."""
    extract = prepare_engine(MODULES[settings.engine], settings)
    extract(pages[0].html, pages[0].url, pages[0].fetched)
    started = time.process_time()
    outcomes = [extract(page.html, page.url, page.fetched) for page in pages]
    return time.process_time() - started, outcomes


def sandboxed(
    settings: ResiliparseSettings | TrafilaturaSettings, pages: Sequence[Page]
) -> tuple[float, list[object], float]:
    """CPU seconds of the caller and its children without those of starting, what they find, seconds of starting."""
    started = total_cpu()
    with ExtractionSandbox(settings) as sandbox:
        list(sandbox.extract_many(pages[:1]))
    starting = total_cpu() - started
    started = total_cpu()
    with ExtractionSandbox(settings) as sandbox:
        outcomes: list[object] = list(sandbox.extract_many(pages))
    return total_cpu() - started - starting, outcomes, starting


def total_cpu() -> float:
    """CPU seconds of this process and of all children that have ended."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def f1(found: str, true: str) -> tuple[float, float, float]:
    """F1, precision and recall of bags of words."""
    have, want = Counter(WORD.findall(found.lower())), Counter(WORD.findall(true.lower()))
    common = (have & want).total()
    if not common:
        return (0.0, 0.0, 0.0)
    precision, recall = common / have.total(), common / want.total()
    return 2 * precision * recall / (precision + recall), precision, recall


if __name__ == "__main__":
    main()
