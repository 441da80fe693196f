import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.c4.bad_words import prepare
from filters.errors import SettingError
from filters.registry import prepare as prepare_any
from schemas.steps.c4 import C4BadWords
from tests.support.batches import batch_of


@pytest.fixture
def folder(tmp_path):
    lists = {
        "en": "damn\nhot dog\nc++ (x)\n\n",
        "ja": "グロ\n悪い\n",
        "fr": "zut\n",
        "fr-CA": "tabarnak\n",
        "tr": "ibne\n",
    }
    for name, entries in lists.items():
        (tmp_path / f"{name}.txt").write_text(entries, encoding="utf-8")
    return tmp_path


def found(folder, texts, languages=None, **settings):
    result = prepare(C4BadWords(folder=folder, **settings))(batch_of(texts, languages))
    return result.signals["found"].to_pylist(), result.detail["found"].to_pylist()


def test_an_entry_stands_alone_in_any_case(folder):
    texts = [
        "Damn!",
        "it is damned",
        "a hot\ndog",
        "a HOT DOG_",
        "(hot dog)",
        "goddamn",
        "in c++ (x) too",
        "dämn",
        "5damn",
    ]
    signals, words = found(folder, texts, ["en"] * len(texts))
    assert signals == [1, 0, 0, 0, 1, 0, 1, 0, 0]
    assert words == ["damn", None, None, None, "hot dog", None, "c++ (x)", None, None]


def test_entries_match_inside_words_where_a_language_writes_no_spaces(folder):
    assert found(folder, ["とても悪いこと"], ["ja"]) == ([1], ["悪い"])
    assert found(folder, ["グロい"], ["ja"])[0] == [0]
    assert found(folder, ["グロい"], ["ja"], allowed={})[0] == [1]


def test_variants_add_to_their_language(folder):
    assert found(folder, ["zut", "tabarnak", "damn"], ["fr"] * 3)[0] == [1, 1, 0]


def test_languages_without_a_list_are_not_measured(folder):
    assert found(folder, ["damn", "damn"], ["de", None])[0] == [None, None]
    assert found(folder, ["damn", "damn"], ["de", None], default_language="en")[0] == [None, 1]


def test_the_lower_case_is_that_of_python(folder):
    assert found(folder, ["İBNE", "IBNE"], ["tr", "tr"])[0] == [0, 1]


def test_a_fraction_is_spared_and_always_the_same(folder):
    texts = ["damn"] * 1000 + ["fine"]
    prepared = prepare(C4BadWords(folder=folder, default_language="en", keep_fraction=0.25))
    first, second = prepared(batch_of(texts)), prepared(batch_of(texts))
    spared = first.signals["spared"].to_pylist()
    assert first.signals == second.signals
    assert 200 < sum(spared) < 300
    assert spared[-1] == 0
    assert [a + b for a, b in zip(first.signals["found"].to_pylist(), spared, strict=True)] == [1] * 1000 + [0]


def test_wrong_settings_are_told_before_any_work(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(SettingError, match="has no word lists"):
        prepare(C4BadWords(folder=empty))
    with pytest.raises(SettingError, match="no list for `default_language` 'xx'; there are lists for en, fr, ja, tr"):
        prepare(C4BadWords(folder=folder, default_language="xx"))


def test_the_lists_of_ldnoobw_come_along():
    measure = prepare_any(C4BadWords())
    result = measure(batch_of(["all the fucking time", "a peaceful day"], ["en", "en"]))
    assert result.signals["found"].to_pylist() == [1, 0]


@given(st.lists(st.sampled_from(["damn", "hot", "dog", " ", "\n", "_", "é", "5", "-", "D"]), max_size=12).map("".join))
def test_any_text_is_matched_as_the_reference_does(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp() / "list"
    folder.mkdir(exist_ok=True)
    (folder / "en.txt").write_text("damn\nhot dog\n", encoding="utf-8")
    expected = re.search(r"(?:\W|^)(damn|hot\ dog)(?:\W|$)", text.lower()) is not None
    assert found(folder, [text], ["en"])[0] == [int(expected)]
