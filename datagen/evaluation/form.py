"""The form for human graders: one HTML file that works without a network and keeps what was graded in the browser."""

import json
from collections.abc import Sequence
from importlib.resources import files

from datagen.evaluation.grades import DIMENSIONS, GRADES, MEANING
from datagen.evaluation.sheet import Shown
from schemas.fingerprint import fingerprint

PLACE = "{{data}}"
"""Where the template takes the data."""


def write_form(shown: Sequence[Shown]) -> str:
    """The form for these summaries, in this order.

    Payloads are hostile: they stand in the page as JSON in which no tag can begin or end, and the page puts them into
    text nodes only; a content policy forbids whatever else.
    """
    items = [each._asdict() for each in shown]
    data = {
        "key": fingerprint([item["code"] for item in items]),
        "items": items,
        "dimensions": [{"name": name, "meaning": MEANING[name]} for name in DIMENSIONS],
        "grades": list(GRADES),
    }
    safe = json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return files("datagen.evaluation").joinpath("form.html").read_text(encoding="utf-8").replace(PLACE, safe)
