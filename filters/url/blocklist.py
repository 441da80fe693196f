"""Measures which block lists the address of a page is on."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ahocorasick
import numpy as np
import pyarrow as pa

from filters.batch import Batch, Measure, Measurement
from filters.lists import find_list, read_entries
from filters.url.compiled import CompiledLists, compile_lists
from filters.url.lists import list_files, url_key
from schemas.steps.url import UrlBlocklist

NOT_A_WORD = re.compile(r"[^a-zA-Z0-9]+")


def prepare(step: UrlBlocklist) -> Measure:
    """Load the lists; raises ``SettingError`` where one is missing or cannot be read."""
    listed = compile_lists(list_files(step.lists, step.categories))
    banned, soft, subwords = (
        _read_words(path) for path in (step.banned_word_list, step.soft_word_list, step.subword_list)
    )
    find_subwords = _finder(subwords)

    def measure(batch: Batch) -> Measurement:
        urls = batch.uri.to_pylist()
        words = [set(NOT_A_WORD.split(url or "")) for url in urls]
        keys = [url_key(url or "") for url in urls]
        columns = {
            "domain": _look_up(listed, [list(parent_domains(key)) for key in keys]),
            "url": _look_up(listed, [list(url_prefixes(key)) for key in keys]),
            "banned_words": [sorted(found & banned) for found in words],
            "soft_words": [sorted(found & soft) for found in words],
            "subwords": [find_subwords(_squeeze(url or "")) for url in urls],
        }
        unknown = np.array([url is None for url in urls], dtype=bool)
        return Measurement(
            signals={
                name: pa.array([len(f) for f in found], pa.int32(), mask=unknown) for name, found in columns.items()
            },
            detail={
                name: pa.array([", ".join(f) or None for f in found], pa.string()) for name, found in columns.items()
            },
        )

    return measure


def parent_domains(key: str) -> Iterator[str]:
    """``a.b.example`` -> itself, ``b.example``, ``example``; of an IP address only itself."""
    host = key.partition("/")[0].partition("?")[0]
    yield host
    if not host.replace(".", "").isdigit() and ":" not in host:
        while "." in host:
            host = host.partition(".")[2]
            yield host


def url_prefixes(key: str) -> Iterator[str]:
    """``host/a/b?c`` -> ``host/a``, ``host/a/b`` and itself: what a listed URL blocks lies below it."""
    path, _, query = key.partition("?")
    at = path.find("/")
    while at >= 0:
        at = path.find("/", at + 1)
        yield path[:at] if at >= 0 else path
    if query:
        yield key


def _look_up(listed: CompiledLists, keys: list[list[str]]) -> list[list[str]]:
    """For each document the listed ones among its keys, as ``category: entry``; one look-up for the whole batch."""
    flat = [key for some in keys for key in some]
    owner = np.repeat(np.arange(len(keys)), [len(some) for some in keys])
    category = listed.find(flat)
    found: list[list[str]] = [[] for _ in keys]
    for at in np.flatnonzero(category >= 0):
        found[owner[at]].append(f"{listed.names[category[at]]}: {flat[at]}")
    return found


def _read_words(path: Path | None) -> frozenset[str]:
    """The entries of a word list as they are compared: letters and digits only, in lower case."""
    return frozenset(filter(None, map(_squeeze, read_entries(find_list(path))))) if path else frozenset()


def _squeeze(text: str) -> str:
    return NOT_A_WORD.sub("", text).lower()


def _finder(words: Iterable[str]) -> Callable[[str], list[str]]:
    """The distinct ones of ``words`` in a squeezed address, in one pass over it."""
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    if not len(automaton):
        return lambda text: []
    automaton.make_automaton()
    return lambda text: sorted({word for _, word in automaton.iter(text)})
