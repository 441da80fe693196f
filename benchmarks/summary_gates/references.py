"""Human references as samples: DialogSum, SAMSum, AESLC, XSum, and two sets that rules may be fitted on."""

import gzip
import json
import re
from pathlib import Path

import xxhash

from datagen.payloads.chat import parse_chat
from datagen.products.summary import Summary
from schemas.payload import Part, Payload, PayloadKind
from schemas.summaries.answers import TextAnswer
from schemas.summaries.product import Between, Product

SETS: dict[str, tuple[str, PayloadKind]] = {
    "DialogSum": ("dialogsum", "message"),
    "SAMSum": ("samsum", "message"),
    "AESLC": ("aeslc_enron_email", "email"),
    "XSum": ("xsum", "article"),
}
FITTED: dict[str, tuple[str, PayloadKind]] = {
    "CNN": ("cnn_dailymail", "article"),
    "Multi-News": ("multi_news", "article"),
}
PERSON = re.compile(r"#(Person[_ ]?(\d))#")
SPOKEN = re.compile(r" ' ?([a-zA-Z]{1,2})\b", re.IGNORECASE)
NAMES = ("Anderson", "Bennett", "Calloway", "Donovan", "Ellery", "Fletcher", "Grayson")
"""For DialogSum's #Person1#: a parser reads names, not marks."""

SPLIT = "gates 2"
"""The seed of the halves."""

ANY = Product(
    name="reference",
    kinds=("email", "message", "article"),
    form="text",
    instructions=("Summarise.",),
    words=Between(min=1, max=500),
    characters=Between(min=1, max=5000),
)
"""References were written to no product of ours: only what holds for all is asked."""


def load(folder: Path, name: str) -> list[Summary]:
    """The references of a set, in the order of its file."""
    file, kind = (SETS | FITTED)[name]
    with gzip.open(folder / f"{file}.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    samples = []
    for row in rows:
        text = _spoken(row["text"]) if name == "DialogSum" else row["text"]
        parts = parse_chat(text) if kind == "message" else ()
        single = Part(text=text)
        payload = Payload(kind=kind, parts=parts or (single,), family=row["id"], source=name, language="en")
        for reference in dict.fromkeys(row["summaries"]):
            answer = TextAnswer(summary=_spoken(reference) if name == "DialogSum" else reference)
            samples.append(Summary(payload, ANY, "Summarise.", answer))
    return samples


def _spoken(text: str) -> str:
    """DialogSum's marks as names, its ``I ' m`` as ``I'm``."""
    named = PERSON.sub(lambda found: NAMES[int(found[2]) - 1], text)
    return SPOKEN.sub(lambda found: "'" + found[1].lower(), named)


def is_held_out(sample: Summary) -> bool:
    """Whether a payload is in the half that no rule or bound was chosen on; its references all are."""
    return xxhash.xxh3_64_intdigest(f"{SPLIT}/{sample.payload.payload_id}".encode()) % 2 == 1
