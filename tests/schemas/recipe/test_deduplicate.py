import pytest
from pydantic import ValidationError

from schemas.recipe.deduplicate import Deduplicate, MinHashSettings, RepeatedSubstrings, SurvivorKey


def message(model, **settings):
    with pytest.raises(ValidationError) as caught:
        model(**settings)
    return "; ".join(error["msg"] for error in caught.value.errors())


def test_defaults_are_those_of_the_published_pipelines():
    settings = Deduplicate(minhash=MinHashSettings())
    assert settings.scope == "global"
    assert settings.survivor == (SurvivorKey(by="retrieved_at", prefer="lowest"),)
    minhash = settings.minhash
    assert (minhash.shingle, minhash.ngram, minhash.bands, minhash.rows) == ("words", 5, 14, 8)
    assert (minhash.min_jaccard, minhash.seed, minhash.threshold, minhash.permutations) == (0.75, 1, None, None)
    assert RepeatedSubstrings().min_words == 50


def test_a_threshold_takes_the_place_of_bands_and_rows():
    settings = MinHashSettings(threshold=0.8, permutations=128)
    assert (settings.bands, settings.rows) == (None, None)


@pytest.mark.parametrize("settings", [{}, {"bands": 20}, {"threshold": 0.8, "permutations": 128}])
def test_what_is_written_down_reads_as_the_same(settings):
    minhash = MinHashSettings(**settings)
    assert MinHashSettings(**minhash.model_dump()) == minhash
    whole = Deduplicate(minhash=minhash)
    assert Deduplicate.model_validate_json(whole.model_dump_json()) == whole


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"threshold": 0.8}, "permutations is missing"),
        ({"permutations": 128}, "threshold is missing"),
        ({"threshold": 0.8, "permutations": 128, "bands": 14, "rows": 8}, "not both"),
        ({"threshold": 0.8, "permutations": 128, "rows": 8}, "not both"),
        ({"bands": None}, "give bands and rows"),
        ({"threshold": 1.0, "permutations": 128}, "less than 1"),
        ({"ngram": 0}, "greater than or equal to 1"),
        ({"min_jaccard": 0}, "greater than 0"),
        ({"shingle": "letters"}, "'words', 'characters' or 'code'"),
        ({"band": 14}, "Extra inputs"),
    ],
)
def test_minhash_settings_that_cannot_work_are_refused(settings, expected):
    assert expected in message(MinHashSettings, **settings)


def test_no_verification_is_a_null():
    assert MinHashSettings(min_jaccard=None).min_jaccard is None


@pytest.mark.parametrize("by", ["retrieved_at", "text_length", "gopher.word_count", "quality.score"])
def test_survivors_are_chosen_by_fields_and_signals(by):
    assert SurvivorKey(by=by, prefer="highest").by == by


@pytest.mark.parametrize("by", ["", "date", "Gopher.word_count", "gopher.", "signals.gopher.word_count", "a.b\n"])
def test_a_survivor_key_that_is_no_value_is_refused(by):
    assert "give retrieved_at, text_length, or a signal" in message(SurvivorKey, by=by, prefer="highest")


def test_a_key_that_never_decides_is_refused():
    keys = ({"by": "text_length", "prefer": "highest"}, {"by": "text_length", "prefer": "lowest"})
    assert "text_length twice" in message(Deduplicate, survivor=keys, url={})


def test_nothing_to_do_is_an_error():
    assert "give at least one of url, text, minhash, lines, substrings" in message(Deduplicate)


def test_doc_id_decides_alone_where_no_key_is_given():
    assert Deduplicate(survivor=(), url={}).survivor == ()
