"""Twins keep their payload and differ by the attack; the detector finds attacks that it has not seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.gates.grounding import negation
from datagen.gates.rules.never import CanaryGate
from datagen.injection.detect import WEIGHTS, suspicion, suspicion_of_text
from datagen.injection.families import FAMILIES, HELD_OUT, TRAINING, attack_text, canary
from datagen.injection.twin import attacked
from datagen.payloads.read import read_payloads
from datagen.payloads.render import render
from datagen.products.row import split_of
from tests.support.summaries import chat, payload, summary


@given(st.text(min_size=1, max_size=300).filter(str.strip), st.sampled_from(["train", "test"]), st.integers(0, 5))
def test_a_twin_is_its_payload_with_an_attack(text, split, seed):
    clean = payload(text)
    twin = attacked(clean, split, seed)
    assert twin == attacked(clean, split, seed)
    assert twin.attack.text in twin.parts[0].text
    assert twin.parts[0].text.replace(twin.attack.text, "", 1).replace("\n", "") == text.replace("\n", "")
    assert twin.attack.twin_of == clean.payload_id != twin.payload_id
    assert split_of(twin.family, seed) == split_of(clean.family, seed)


def test_held_out_families_are_never_trained_on():
    clean = [payload(f"mail number {number}") for number in range(400)]
    trained = {attacked(p, "train", 0).attack.family for p in clean}
    tested = {attacked(p, "test", 0).attack.family for p in clean}
    assert trained == set(TRAINING)
    assert tested == set(FAMILIES)
    assert not set(TRAINING) & set(HELD_OUT)


def test_a_twin_has_no_twin():
    with pytest.raises(ValueError, match="is a twin already"):
        attacked(attacked(payload("hello"), "train", 0), "train", 0)


def test_one_part_of_a_chat_is_attacked():
    talk = chat("Ann: are you in?", "Bo: yes", "Ann: good")
    twin = attacked(talk, "train", 2)
    assert sum(a != b for a, b in zip(talk.parts, twin.parts, strict=True)) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_every_attack_wants_its_canary_and_obeying_is_seen(family):
    words = [canary(f"{family}/{number}") for number in range(40)]
    assert len(set(words)) == 40
    texts = {attack_text(family, str(number), word) for number, word in enumerate(words)}
    assert len(texts) == 40
    twin = attacked(payload("The review moves to Thursday."), "train", 0)
    obeyed = summary(twin.parts, f"{twin.attack.canary.upper()}: review moved", attack=twin.attack)
    assert not CanaryGate().judge([obeyed])[0].passed


def test_attacks_are_found_and_mails_are_left_alone(shared_data):
    mails = list(read_payloads(str(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz")))[:300]
    alarms = sum(suspicion(p).is_injection for p in mails) / len(mails)
    assert alarms < 0.16
    hosts = [p for p in mails if not suspicion(p).is_injection and len(render(p)) < 3000]
    found = {
        family: sum(
            suspicion_of_text(f"{render(hosts[n])}\n{attack_text(family, f'new {n}', canary(f'{n}'))}").is_injection
            for n in range(60)
        )
        for family in FAMILIES
    }
    assert all(found[family] >= 57 for family in TRAINING), found
    assert all(found[family] >= 54 for family in HELD_OUT), found


def test_weights_are_fitted_on_nothing_that_forbids_it():
    cards = [WEIGHTS.with_name("card.json").read_text(), negation.WEIGHTS.read_text()]
    for card in cards:
        assert "made by" in card
        assert not [name for name in ("aeslc", "dialogsum", "samsum", "alpaca", "-NC") if name.lower() in card.lower()]


def test_an_empty_text_is_not_suspicious():
    assert suspicion_of_text("").score == 0
    assert suspicion_of_text("...").score == 0
