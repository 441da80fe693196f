"""What the sandbox adds to an engine: CPU of the caller and its children, without their start."""

import resource
import time
from collections.abc import Sequence

from benchmarks.extraction.grid import Grid
from pipelines.extract.engines.registry import MODULES, prepare_engine
from pipelines.extract.page import Extracted, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import EngineSettings

ROUNDS = 3


def overhead(variants: Sequence[EngineSettings], pages: Sequence[Page]) -> Grid:
    """CPU ms a page in a loop and in the sandbox, the least of alternating rounds; the results must be the same."""
    rows = []
    for settings in variants:
        rounds = [(direct(settings, pages), sandboxed(settings, pages)) for _ in range(ROUNDS)]
        same = rounds[0][0][1] == rounds[0][1][1]
        alone = min(seconds for (seconds, _), _ in rounds) / len(pages)
        inside = min(seconds for _, (seconds, _, _) in rounds) / len(pages)
        start = min(seconds for _, (_, _, seconds) in rounds)
        added = f"{inside / alone - 1:+.1%}" + ("" if same else " (other results!)")
        rows.append((settings.engine, f"{1e3 * alone:.2f}", f"{1e3 * inside:.2f}", added, f"{start:.2f}"))
    return Grid("In the sandbox", ("engine", "direct ms", "sandbox ms", "added", "start s"), rows)


def direct(settings: EngineSettings, pages: Sequence[Page]) -> tuple[float, list[Extracted]]:
    """CPU seconds of the engine in a loop, and what it finds."""
    extract = prepare_engine(MODULES[settings.engine], settings)
    extract(pages[0].html, pages[0].url, pages[0].fetched)
    started = time.process_time()
    outcomes = [extract(page.html, page.url, page.fetched) for page in pages]
    return time.process_time() - started, outcomes


def sandboxed(settings: EngineSettings, pages: Sequence[Page]) -> tuple[float, list[object], float]:
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
