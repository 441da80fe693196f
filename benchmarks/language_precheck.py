"""What the language pre-check skips, rightly and wrongly, on labelled real pages; and its CPU time.

usage: python benchmarks/language_precheck.py [--data ../shared/data/web] [--every 1]

"Labelled": pages whose language the data set states. "Kept": pages whose whole text, by fastText and the default rule
of the step ``language``, is in the language. A skipped page of either kind is a false skip.
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from filters.batch import Batch, Measure
from filters.language import identify, precheck
from schemas.steps.language import Language
from schemas.steps.language_precheck import LanguagePrecheck

LANGUAGES = ("en", "de", "zh", "pl", "ru", "el", "fr")
BOUNDS = (0.005, 0.01, 0.02, 0.05)
BLOCK = 256
DEFAULT = 0.02


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "web")
    parser.add_argument("--every", type=int, default=1, help="take every n-th page")
    arguments = parser.parse_args()
    ids, pages = read(arguments.data, arguments.every)
    with gzip.open(arguments.data / "web-dev-index.jsonl.gz", "rt") as lines:
        index = {row["record_id"]: row for row in map(json.loads, lines)}
    stated = np.array([(index[i]["lang"] or "")[:2] * (index[i]["lang_source"] == "dataset") for i in ids])
    texts = [extract_plain_text(page, main_content=True) for page in pages]

    print(f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.0f} MB; default bound: >= {DEFAULT}")
    header = f"{'language':9}{'labelled':>9}{'kept':>6}   " + "   ".join(f"at {bound:<5}" for bound in BOUNDS)
    print(header + "   CPU/page   (false skips of labelled / of kept / skipped of others)")
    for language in LANGUAGES:
        evidence, elapsed = measured(
            precheck.prepare(LanguagePrecheck(keep=(language,))), pages, "wanted_evidence", 1.0
        )
        score, _ = measured(identify.prepare(Language(keep=(language,))), texts, "score", 0.0)
        kept = (score > 0.65) & np.array([bool(text) for text in texts])
        labelled = stated == language
        cells = []
        for bound in BOUNDS:
            skipped = evidence < bound
            others = skipped[~kept & ~labelled].mean()
            cells.append(f"{(skipped & labelled).sum()}/{(skipped & kept).sum()}/{others:.1%}")
        line = "   ".join(f"{cell:8}" for cell in cells)
        print(f"{language:9}{labelled.sum():9}{kept.sum():6}   {line}   {elapsed:.2f} ms", flush=True)
        for row in np.flatnonzero((evidence < DEFAULT) & (labelled | kept)):
            url, found = index[ids[row]]["url"][:60], evidence[row]
            print(f"    {url}: whole text {language} {score[row]:.2f}, pre-check {found:.3f}")


def read(data: Path, every: int) -> tuple[list[str], list[str]]:
    """Record ids and decoded pages."""
    ids, pages = [], []
    for path in sorted(data.glob("web-dev-0*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                body = record.reader.read()
                ids.append(record.record_id)
                pages.append(bytes_to_str(body, detect_encoding(body)))
    return ids[::every], pages[::every]


def measured(measure: Measure, texts: Sequence[str], signal: str, missing: float) -> tuple[np.ndarray, float]:
    """A signal of every text, and the CPU milliseconds that one took."""
    values: list[float] = []
    seconds = 0.0
    for start in range(0, len(texts), BLOCK):
        block = texts[start : start + BLOCK]
        nothing = pa.nulls(len(block), pa.string())
        batch = Batch(text=pa.array(block, pa.large_string()), uri=nothing, language=nothing)
        started = time.process_time()
        measurement = measure(batch)
        seconds += time.process_time() - started
        values += measurement.signals[signal].fill_null(missing).to_pylist()
    return np.array(values), 1e3 * seconds / len(texts)


if __name__ == "__main__":
    main()
