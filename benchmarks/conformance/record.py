"""Records what a published reference says of each text; runs in the reference's environment, without Orchard.

    /path/to/datatrove/bin/python benchmarks/conformance/record.py gopher texts.parquet recorded/gopher.jsonl.gz \
        --golden tests/golden/gopher.jsonl.gz

Each line has the text's digest, the reason for which the reference drops it (null: kept), and where the reference
compares numbers, the numbers. The golden file has no numbers and no text.
"""

import argparse
import gzip
import json
import time
from importlib import import_module
from pathlib import Path

import pyarrow.parquet as pq

REFERENCES = {
    "gopher": "references.datatrove_rules:gopher",
    "repetition": "references.datatrove_rules:repetition",
    "fineweb": "references.datatrove_rules:fineweb",
    "c4_tfds": "references.c4_rules:c4_tfds",
    "c4_datatrove": "references.c4_rules:c4_datatrove",
    "bad_words": "references.c4_rules:bad_words",
    "dclm": "references.dclm_rules:dclm",
    "refinedweb": "references.dclm_rules:refinedweb",
}
"""Family to the ``module:function`` that returns its judge: text -> {"reason": ..., "values": {...}}."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=sorted(REFERENCES))
    parser.add_argument("texts", type=Path, help="Parquet file of texts.py")
    parser.add_argument("output", type=Path, help="verdicts with values, JSON lines, gzip")
    parser.add_argument("--golden", type=Path, help="verdicts without values, for the tests")
    arguments = parser.parse_args()
    module, _, function = REFERENCES[arguments.family].partition(":")
    judge = getattr(import_module(module), function)()
    table = pq.read_table(arguments.texts)
    started = time.process_time()
    verdicts = [
        {"digest": digest, **judge(text)}
        for digest, text in zip(table["digest"].to_pylist(), table["text"].to_pylist(), strict=True)
    ]
    print(f"{arguments.family}: {len(verdicts)} texts in {time.process_time() - started:.0f} s CPU")
    write(arguments.output, verdicts)
    if arguments.golden:
        write(arguments.golden, [{key: v[key] for key in v if key != "values"} for v in verdicts])


def write(path: Path, verdicts: list[dict]) -> None:
    """JSON lines in order of digest, gzip without a time stamp, so that equal verdicts are equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(verdict) + "\n" for verdict in sorted(verdicts, key=lambda verdict: verdict["digest"]))
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


if __name__ == "__main__":
    main()
