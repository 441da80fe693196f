"""Numbers, dates and times are the same however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.gates.grounding.addresses import AddressesGate
from datagen.gates.grounding.number_words import TENS, UNITS, spelled
from datagen.gates.grounding.numbers import NumbersGate
from datagen.gates.grounding.quantities import quantities
from datagen.products.summary import Summary
from schemas.summaries.answers import TextAnswer
from tests.support.summaries import chat, product, summary

SAME = [
    ("two tickets", "2 tickets"),
    ("at 3 pm", "at 15:00"),
    ("at 15:00", "at 3 p.m."),
    ("at half past two", "at 2:30"),
    ("$10.7 million", "10,700,000 dollars"),
    ("1.5k people", "1,500 people"),
    ("on Feb. 3", "on February 3rd"),
    ("on 2/14", "in February"),
    ("a dozen eggs", "12 eggs"),
    ("Thurs 5-6", "on Thursday"),
    ("twenty-five", "25"),
    ("two hundred and fifty", "250"),
    ("30 percent", "30%"),
    ("born in '98", "born in 1998"),
    ("at noon", "at 12:00"),
    ("20 453 seats", "20 453 seats"),
    ("she came twice", "2 visits"),
    ("it cost 48,912", "nearly 50,000"),
    ("the 3rd try", "three tries"),
    ("Monday, December 03, 2001", "on 12/3"),
    ("Sept. 29th, 2001", "on 09/29/01"),
    ("the 3rd of December", "on 3/12"),
    ("a loan of 20, 000 RMB", "20,000 RMB"),
    ("They are 12 dollars 50 cents each", "$12.50"),
    ("the party is Sat at the zoo", "on Saturday"),
]
OTHER = [
    ("two tickets", "3 tickets", "number"),
    ("at 3 pm", "at 4 pm", "time"),
    ("on Feb. 3", "on March 3", "month"),
    ("on Thursday", "on Friday", "weekday"),
    ("$10.7 million", "$10.7 billion", "number"),
    ("30 percent", "35%", "number"),
    ("it cost 48,912", "nearly 70,000", "number"),
    ("Monday, December 03, 2001", "on 12/4", "date"),
    ("Monday, December 03, 2001", "on 12/3/02", "number"),
    ("We sat in the sun", "on Saturday", "weekday"),
]


@pytest.mark.parametrize(("there", "said"), SAME)
def test_the_same_in_another_form_passes(there, said):
    (verdict,) = NumbersGate().judge([summary(f"Note: {there}.", f"Note: {said}.")])
    assert verdict.passed, verdict


@pytest.mark.parametrize(("there", "said", "kind"), OTHER)
def test_another_is_rejected_and_named(there, said, kind):
    (verdict,) = NumbersGate().judge([summary(f"Note: {there}.", f"Note: {said}.")])
    assert (verdict.passed, verdict.reason) == (False, f"{kind}_not_in_payload")
    assert verdict.detail
    assert verdict.detail in f"{said}."


def test_one_is_no_number_and_may_is_no_month():
    (verdict,) = NumbersGate().judge([summary("The red bike is broken.", "She may buy another one; thus no march.")])
    assert verdict.passed


def test_people_of_a_conversation_may_be_counted():
    talk = chat("Ann: dinner?", "Bo: yes", "Cy: me too")
    said = [
        Summary(talk, product(), "Summarize.", TextAnswer(summary=f"The {n} have dinner.")) for n in ("three", "four")
    ]
    assert [verdict.passed for verdict in NumbersGate().judge(said)] == [True, False]


def test_small_numbers_of_other_languages_are_not_checked():
    samples = [summary("Zwei Karten", "2 Karten", language="de"), summary("Zwei Karten", "200 Karten", language="de")]
    assert [verdict.passed for verdict in NumbersGate().judge(samples)] == [True, False]


@given(st.integers(1, 99), st.sampled_from(["", "hundred", "thousand", "million"]), st.integers(0, 99))
def test_every_number_written_out_is_read(high, scale, low):
    def words(number):
        units, tens = {v: w for w, v in UNITS.items()}, {v: w for w, v in TENS.items()}
        if number < 20:
            return units[number]
        return tens[number // 10 * 10] + (f"-{units[number % 10]}" if number % 10 else "")

    value = high * {"": 1, "hundred": 100, "thousand": 1000, "million": 1_000_000}[scale]
    text = f"{words(high)} {scale}".strip()
    if scale and low:
        value, text = value + low, f"{text} {'and ' if scale == 'hundred' else ''}{words(low)}"
    assert [found for found, _, _ in spelled(f"there are {text} of them")] == [value]


@given(st.text(alphabet="0123456789.,:/- apmkMfebtwosixty$%", max_size=60))
def test_nothing_breaks_it_and_places_are_right(text):
    for quantity in quantities(text):
        assert text[quantity.start : quantity.end].strip() == quantity.text


@pytest.mark.parametrize(
    ("there", "said", "passes"),
    [
        ("See https://www.acme.example/pay?id=7 now", "Pay at acme.example/pay.", True),
        ("See https://www.acme.com/pay now", "Pay at www.acme.com/login.", False),
        ("Call +1 (212) 555-0143", "Call +1 212 555 0143", True),
        ("Call +1 (212) 555-0143", "Call +1 212 555 0199", False),
        ("Write to ann@acme.com", "Write to bob@acme.com", False),
        ("Write to ann@acme.com", "Write to Ann@acme.com", True),
    ],
)
def test_addresses(there, said, passes):
    (verdict,) = AddressesGate().judge([summary(there, said)])
    assert verdict.passed == passes, verdict
