"""Summaries whose licence permits to fit on them: the first paragraph of a docstring, held against the rest."""

import ast
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from benchmarks.summary_gates.references import ANY
from datagen.products.summary import Summary
from schemas.payload import Part, Payload
from schemas.summaries.answers import TextAnswer

PACKAGES = {
    "apache_beam": "Apache-2.0",
    "datasets": "Apache-2.0",
    "duckdb": "MIT",
    "huggingface_hub": "Apache-2.0",
    "numpy": "BSD-3-Clause",
    "pandas": "BSD-3-Clause",
    "polars": "MIT",
    "pyarrow": "Apache-2.0",
    "pydantic": "MIT",
    "rich": "MIT",
    "scipy": "BSD-3-Clause",
    "spacy": "MIT",
}
"""Packages that `make setup` installs, and their licences."""
NOT_PROSE = re.compile(r"\s*(?:>>>|\.\.|[-=:*+|])")


def documented(deny: re.Pattern[str]) -> tuple[list[Summary], list[Summary]]:
    """Docstrings with a denial in their first paragraph, and those without, in the order of packages and files."""
    found: dict[str, Summary] = {}
    for package in PACKAGES:
        for path in sorted((Path(sysconfig.get_paths()["purelib"]) / package).rglob("*.py")):
            if not {"test", "tests"} & {*path.parts}:
                found |= {sample.payload.payload_id: sample for sample in _of_file(path, package)}
    samples = list(found.values())
    return [s for s in samples if deny.search(s.text)], [s for s in samples if not deny.search(s.text)]


def _of_file(path: Path, package: str) -> Iterator[Summary]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) else None
        first, *rest = [" ".join(p.split()) for p in (text or "").split("\n\n") if not NOT_PROSE.match(p)] or [""]
        if 5 <= len(first.split()) <= 40 and 50 <= sum(len(p.split()) for p in rest) <= 400:
            payload = Payload(
                kind="document",
                parts=(Part(text="\n".join(rest)),),
                family=package,
                source=package,
                language="en",
                license=PACKAGES[package],
            )
            yield Summary(payload, ANY, "Summarise.", TextAnswer(summary=first))
