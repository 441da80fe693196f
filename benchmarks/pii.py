"""Precision and recall of the personal data filter: planted cases of many formats, and hand-checked real mails.

    python -m benchmarks.pii [--seed 0] [--count 400]

Needs the optional data folder (environment variable ORCHARD_SHARED, else ../shared) for the texts to plant in.
"""

import argparse
import gzip
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import xxhash

from benchmarks.pii_cases import NATIONAL_IDS, PLANTED, decoy
from filters.pii.redact import find, finders_of
from schemas.steps.pii import Kind, Pii

REPOSITORY = Path(__file__).resolve().parent.parent


def load(path: Path) -> list[str]:
    with gzip.open(path, "rt") as rows:
        return [json.loads(row)["text"] for row in rows]


def planted(texts: list[str], rng: random.Random, count: int) -> Iterator[tuple[str, Kind | None, int, int]]:
    """Real texts with one case each, planted at a space: text, kind (none: a decoy), first and last byte."""
    for kind in [*PLANTED, None]:
        for _ in range(count):
            text = rng.choice(texts)
            spaces = [at for at, character in enumerate(text) if character == " "]
            at = rng.choice(spaces) + 1 if spaces else 0
            item, around = PLANTED[kind](rng) if kind else (decoy(rng), "{}")
            before, after = around.split("{}")
            head = f"{text[:at]}{before}"
            start = len(head.encode())
            yield f"{head}{item}{after} {text[at:]}", kind, start, start + len(item.encode())


def score_planted(texts: list[str], seed: int, count: int) -> None:
    step = Pii(national_ids=tuple(NATIONAL_IDS))
    finders = finders_of(step)
    clean = [text for text in texts if len(text) > 200]
    dirty = {finding.document for finding in find(pa.array(clean, pa.large_string()), finders)}
    clean = [text for row, text in enumerate(clean) if row not in dirty]
    cases = list(planted(clean, random.Random(seed), count))
    found: dict[int, list] = {}
    for finding in find(pa.array([case[0] for case in cases], pa.large_string()), finders):
        found.setdefault(finding.document, []).append(finding)
    total, right, exact, wrong = Counter(), Counter(), Counter(), Counter()
    for row, (_, kind, start, end) in enumerate(cases):
        total[kind] += 1
        for finding in found.get(row, []):
            if kind and finding.start < end and finding.end > start and finding.kind == kind:
                right[kind] += 1
                exact[kind] += (finding.start, finding.end) == (start, end)
            else:
                wrong[finding.kind] += 1
    print(f"planted in {len(clean)} real texts, {count} of each kind and {count} decoys (seed {seed})")
    print(f"{'kind':12} {'planted':>8} {'recall':>8} {'exact':>8} {'precision':>10}")
    for kind in PLANTED:
        recall, to_the_byte = right[kind] / total[kind], exact[kind] / total[kind]
        precision = right[kind] / max(1, right[kind] + wrong[kind])
        print(f"{kind:12} {total[kind]:8} {recall:8.3f} {to_the_byte:8.3f} {precision:10.3f}")


def score_real(mails: list[str]) -> None:
    labels = json.loads((REPOSITORY / "tests" / "golden" / "pii_enron.json").read_text())["items"]
    truth = {(digest, start, kind) for digest, start, _, kind in labels}
    names = [xxhash.xxh3_64_hexdigest(text.encode()) for text in mails]
    started = time.process_time()
    findings = find(pa.array(mails, pa.large_string()), finders_of(Pii()))
    spent = time.process_time() - started
    found = {(names[finding.document], finding.start, finding.kind) for finding in findings}
    print(f"\nreal mails: {len(mails)} texts, all labelled by hand; {1000 * spent / len(mails):.3f} ms a mail")
    for kind in ("email", "phone"):
        have, want = {f for f in found if f[2] == kind}, {t for t in truth if t[2] == kind}
        both = len(have & want)
        print(f"{kind:12} {len(want):8} recall {both / len(want):.3f} precision {both / len(have):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=400)
    arguments = parser.parse_args()
    shared = Path(os.environ.get("ORCHARD_SHARED", REPOSITORY.parent / "shared")) / "data" / "summarization"
    mails = load(shared / "aeslc_enron_email.jsonl.gz")
    score_planted(mails + load(shared / "cnn_dailymail.jsonl.gz"), arguments.seed, arguments.count)
    score_real(mails)


if __name__ == "__main__":
    main()
