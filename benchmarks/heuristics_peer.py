"""Times datatrove's filters on texts; run by `benchmarks.heuristics` in datatrove's environment. Prints JSON."""

import json
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
from datatrove.data import Document
from datatrove.pipeline.filters import FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.utils.text import split_into_words

texts = pq.read_table(sys.argv[1])["text"].to_pylist()
filters = {
    "gopher_quality": GopherQualityFilter(),
    "gopher_repetition": GopherRepetitionFilter(),
    "fineweb_quality": FineWebQualityFilter(),
}
split_into_words("load the rules")
seconds = dict.fromkeys(["lexing, spacy-en", *filters], 0.0)
for text in texts:
    started = time.process_time()
    split_into_words(text)  # kept by datatrove for the filters that follow
    seconds["lexing, spacy-en"] += time.process_time() - started
    for name, rules in filters.items():
        started = time.process_time()
        rules.filter(Document(text=text, id=""))
        seconds[name] += time.process_time() - started
# getrusage would give the parent's peak, which a child starts with.
peak_kb = next(
    int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
)
print(
    json.dumps(
        {
            "milliseconds": {name: 1000 * spent / len(texts) for name, spent in seconds.items()},
            "peak_mb": peak_kb / 1024,
        }
    )
)
