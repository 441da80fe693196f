"""Cuts web addresses out of texts, as DCLM does before it measures anything."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import re
from collections.abc import Callable
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from schemas.steps.dclm import DclmUrls

NAMES = files("filters.lists") / "top_level_domains" / "names.txt"
SCHEME = r"(?:(?:https?|ftp)://)?"
PATH = r"[-a-zA-Z0-9()@:%_+.~#?&/=]*"
NUMERIC = rf"\s{{0,10}}\b{SCHEME}(?:[0-2]?[0-9]{{1,2}}\.){{3}}[0-2]?[0-9]{{1,2}}{PATH}"
MAYBE_NUMERIC = r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
RUN_WITH_DOT = re.compile(r"(?:\s{1,10}|(?<!\S))[^\s.]*\.\S+")
"""An address lies within one run of characters that are not white space, and takes the white space before along."""
LABEL = re.compile(r"\.(\w+)")


def prepare(step: DclmUrls) -> Measure:
    """Compile the expressions."""
    all_names = sorted(NAMES.read_text(encoding="utf-8").split(), key=len, reverse=True)
    names = "|".join(all_names)
    # Signs of Indian scripts are no word characters for Python, so a label may be the beginning of a name.
    labels = {label for name in all_names for label in re.findall(r"^\w+", name)}
    begins_with_name = f"^(?i:{names})"
    name = re.compile(rf"\s{{0,10}}{SCHEME}[-a-zA-Z0-9@:%._+~#=]{{1,256}}\.(?:{names})\b{PATH}")
    numeric = re.compile(NUMERIC)

    def cut_name(run: re.Match[str]) -> str:
        return run.group() if labels.isdisjoint(LABEL.findall(run.group())) else name.sub("", run.group())

    def cut_names(text: str) -> str:
        return RUN_WITH_DOT.sub(cut_name, text)

    def cut_numeric(text: str) -> str:
        return numeric.sub("", text)

    def measure(batch: Batch) -> Measurement:
        text = replaced(batch.text, begins_with_name, cut_names)
        text = replaced(text, MAYBE_NUMERIC, cut_numeric)
        left = pc.utf8_length(text).cast(pa.int32())
        removed = pc.subtract(pc.utf8_length(batch.text).cast(pa.int32()), left)
        return Measurement(signals={"removed_characters": removed, "characters": left}, text=text)

    return measure


def replaced(texts: pa.LargeStringArray, pattern: str, replace: Callable[[str], str]) -> pa.LargeStringArray:
    """The texts, with those that match ``pattern`` (RE2) replaced."""
    rows = pc.match_substring_regex(texts, pattern)
    new = [replace(text) for text in texts.filter(rows).to_pylist()]
    return pc.replace_with_mask(texts, rows, pa.array(new, pa.large_string()))
