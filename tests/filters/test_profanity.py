"""Profanity by word lists."""

import gzip
import json
import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.batch import Batch
from filters.errors import SettingError
from filters.lists import PACKAGED
from filters.profanity import prepare
from filters.word_search import WordSearch
from schemas.steps.profanity import Profanity


def batch(texts, languages):
    nothing = pa.nulls(len(texts), pa.string())
    return Batch(text=pa.array(texts, pa.large_string()), uri=nothing, language=pa.array(languages, pa.string()))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "en.txt").write_text("darn\nHeck Of\nfoo\nfoo bar\n\U0001f595\n")
    (tmp_path / "fr.txt").write_text("zut\n")
    (tmp_path / "fr-CA.txt").write_text("tabarnouche\n")
    (tmp_path / "zh.txt").write_text("坏话\n")
    return tmp_path


def measure(step, texts, languages):
    found = prepare(step)(batch(texts, languages))
    signals = {name: values.to_pylist() for name, values in found.signals.items()}
    return signals, found.text.to_pylist() if found.text is not None else None


def test_real_texts_against_a_plain_search(shared_data):
    with gzip.open(shared_data / "safety" / "davidson_hate.jsonl.gz", "rt") as rows:
        texts = [json.loads(row)["text"] for row in rows][::4]
    entries = (PACKAGED / "ldnoobw" / "en.txt").read_text().split("\n")
    plain = re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(e) for e in sorted(entries, key=len, reverse=True) if e) + r")(?!\w)"
    )
    signals, _ = measure(Profanity(), texts, ["en"] * len(texts))
    expected = [len(plain.findall(text.lower().replace("\ufe0f", ""))) for text in texts]
    different = [text for text, a, b in zip(texts, expected, signals["count"], strict=True) if a != b]
    assert sum(count > 0 for count in expected) > 1000
    assert different == []


def test_all_packaged_lists_find_their_own_entries():
    for path in sorted((PACKAGED / "ldnoobw").glob("*.txt")):
        entries = [entry for entry in path.read_text("utf-8").split("\n") if entry]
        code = path.stem.split("-")[0]
        signals, _ = measure(Profanity(), [f"– {entry} –" for entry in entries], [code] * len(entries))
        assert [e for e, count in zip(entries, signals["count"], strict=True) if not count] == []


def test_entries_stand_alone_and_the_longest_counts(folder):
    texts = ["Darn it, DARN!", "darned undarn darn_x", "a heck of a foo bar", "foo, bar x\U0001f595x", "clean", ""]
    signals, text = measure(Profanity(lists=folder), texts, ["en"] * 6)
    assert signals["count"] == [2, 0, 2, 2, 0, 0]
    assert signals["distinct"] == [1, 0, 2, 2, 0, 0]
    assert signals["share"] == pytest.approx([8 / 14, 0, 14 / 19, 4 / 12, 0, 0])
    assert text is None


def test_runs_are_broken_by_other_words(folder):
    texts = ["darn foo darn x darn", "darn, darn... darn - foo\ndarn", "x"]
    assert measure(Profanity(lists=folder), texts, ["en"] * 3)[0]["longest_run"] == [3, 5, 0]


def test_each_document_has_the_list_of_its_language(folder):
    texts = ["darn zut", "darn zut tabarnouche", "说坏话的人 darn", "darn", "darn"]
    signals, _ = measure(Profanity(lists=folder), texts, ["en", "fr", "zh", "de", None])
    assert signals["count"] == [1, 2, 1, None, None]
    assert signals["removed_sentences"] == [0, 0, 0, None, None]
    signals, _ = measure(Profanity(lists=folder, languages=("en", "zh")), texts, ["en", "fr", "zh", "de", None])
    assert signals["count"] == [1, 1, 2, 1, 1]


def test_a_vowel_sign_makes_another_word(folder):
    (folder / "hi.txt").write_text("काम\n")
    signals, _ = measure(Profanity(lists=folder), ["काम", "कामा"], ["hi", "hi"])
    assert signals["count"] == [1, 0]


def test_sentences_with_a_listed_word_are_removed(folder):
    texts = ["It rains. Darn rain! It stops.\nA heck of a day.\nDone.", "All fine.", "我说。坏话。好。"]
    signals, text = measure(Profanity(lists=folder, remove_sentences=True), texts, ["en", "en", "zh"])
    assert text == ["It rains. It stops.\nDone.", "All fine.", "我说。好。"]
    assert signals["removed_sentences"] == [2, 0, 1]
    assert signals["count"] == [2, 0, 1]


def test_missing_lists_are_errors(folder, tmp_path):
    with pytest.raises(SettingError, match=r"'de'.*en, fr, zh"):
        prepare(Profanity(lists=folder, languages=("de",)))
    with pytest.raises(SettingError, match=r"absent.*ldnoobw"):
        prepare(Profanity(lists=tmp_path / "absent"))


WORDS = st.sampled_from(["darn", "Foo", "bar", "foo bar", "x", "darns", "é", "_", "9", ".", "! ", " ", " ", "\n", "İ"])


@given(st.lists(WORDS, max_size=12).map("".join))
def test_finds_what_a_plain_expression_finds(text):
    search = WordSearch(["darn", "foo", "foo bar"], [])
    expected = re.findall(r"(?<![\w\u0307])(?:foo bar|foo|darn)(?![\w\u0307])", text.lower())
    assert [match.entry for match in search.matches(text.lower())] == expected
    assert search.contained(pa.array([text], pa.large_string())).to_pylist() == [bool(expected)]
