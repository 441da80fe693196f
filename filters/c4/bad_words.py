"""Looks for entries of a word list in the language of each document (C4)."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from filters.batch import Batch, Measure, Measurement
from filters.c4.lines import lower_case
from filters.errors import SettingError
from filters.lexing.patterns import NO_WORD
from schemas.steps.c4 import C4BadWords

WITHOUT_SPACES = ("ja", "th", "zh")
"""Languages in which an entry matches inside a longer run of characters."""
HASHES = 2**64


def prepare(step: C4BadWords) -> Measure:
    """Load the lists. Raises ``SettingError`` where the folder has none, or none for the default language."""
    if step.folder is not None:
        patterns = patterns_by_language(read_lists(step.folder), step.allowed)
    else:
        with as_file(files("filters.lists") / "ldnoobw") as folder:
            patterns = patterns_by_language(read_lists(folder), step.allowed)
    if step.default_language is not None and step.default_language not in patterns:
        known = ", ".join(sorted(patterns))
        raise SettingError(f"no list for `default_language` {step.default_language!r}; there are lists for {known}")

    def measure(batch: Batch) -> Measurement:
        language = batch.language
        if step.default_language is not None:
            language = pc.fill_null(language, step.default_language)
        word = pa.nulls(len(batch), pa.large_string())
        measured = pc.fill_null(pc.is_in(language, pa.array(patterns, pa.string())), False)
        for code in pc.unique(language.filter(measured)).to_pylist():
            rows = pc.fill_null(pc.equal(language, code), False)
            word = pc.replace_with_mask(word, rows, first_words(batch.text.filter(rows), patterns[code]))
        spared = spare(word, batch.uri, step.keep_fraction)
        found = pc.and_(word.is_valid(), pc.invert(spared))
        signals = {
            "found": pc.if_else(measured, found.cast(pa.int8()), None),
            "spared": pc.if_else(measured, spared.cast(pa.int8()), None),
        }
        return Measurement(signals=signals, detail={"found": word.cast(pa.string())})

    return measure


def read_lists(folder: Path) -> dict[str, set[str]]:
    """The entries of every list in ``folder``, by language; a variant (``fr-CA``) adds to its language."""
    lists: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.glob("*.txt")):
        entries = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
        lists[path.stem.split("-")[0]].update(entry for entry in entries if entry)
    if not lists:
        raise SettingError(f"{folder} has no word lists: put files like en.txt there, one entry a line")
    return lists


def patterns_by_language(lists: Mapping[str, set[str]], allowed: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """An RE2 pattern for each language whose group ``word`` is the entry found in a text in lower case."""
    patterns = {}
    for code, entries in lists.items():
        words = "|".join(re.escape(entry) for entry in sorted(entries.difference(allowed.get(code, ()))))
        if not words:
            continue
        if code in WITHOUT_SPACES:
            patterns[code] = f"(?P<word>{words})"
        else:
            patterns[code] = f"(?:{NO_WORD}|^)(?P<word>{words})(?:{NO_WORD}|$)"
    return patterns


def first_words(texts: pa.LargeStringArray, pattern: str) -> pa.LargeStringArray:
    """The first entry in each text, null where there is none."""
    lowered = lower_case(texts)
    found = pc.match_substring_regex(lowered, pattern)
    words = pc.struct_field(pc.extract_regex(lowered.filter(found), pattern), "word")
    return pc.replace_with_mask(pa.nulls(len(texts), pa.large_string()), found, words)


def spare(word: pa.LargeStringArray, uri: pa.StringArray, fraction: float) -> pa.BooleanArray:
    """Which documents with a bad word are kept all the same: the same ones in every run."""
    spared = np.zeros(len(word), dtype=bool)
    if fraction > 0:
        for row in np.flatnonzero(word.is_valid().to_numpy(zero_copy_only=False)):
            spared[row] = xxhash.xxh3_64_intdigest(uri[row].as_py().encode()) < fraction * HASHES
    return pa.array(spared)
