"""Twins keep their payload and differ by the attack; the detector finds attacks that it has not seen."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.prompt_injection.bipia import attacked_texts
from benchmarks.prompt_injection.sets import is_test
from datagen.gates.grounding import negation
from datagen.gates.rules.never import CanaryGate
from datagen.injection.detect import WEIGHTS, suspicion, suspicion_of_text
from datagen.injection.families import FAMILIES, HELD_OUT, TRAINING, attack_text, canary
from datagen.injection.features import PLACES, features, values
from datagen.injection.twin import attacked
from datagen.injection.units import Unit, units
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


def test_mails_and_chats_are_left_alone(shared_data):
    """None of them was fitted on."""
    mails = list(read_payloads(str(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz")))[:800]
    talks = list(read_payloads(str(shared_data / "summarization" / "dialogsum.jsonl.gz")))
    assert sum(suspicion(p).is_injection for p in mails) / len(mails) < 0.02
    assert sum(suspicion(p).is_injection for p in talks) / len(talks) < 0.03


def test_attacks_are_found(shared_data):
    mails = list(read_payloads(str(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz")))[:300]
    hosts = [render(p) for p in mails if not suspicion(p).is_injection and len(render(p)) < 3000]
    found = {
        family: sum(
            suspicion_of_text(f"{hosts[n]}\n{attack_text(family, f'new {n}', canary(f'{n}'))}").is_injection
            for n in range(60)
        )
        for family in FAMILIES
    }
    assert all(found[family] >= 55 for family in TRAINING), found
    assert sum(found[family] for family in HELD_OUT) >= 140, found
    bipia = attacked_texts(read_rows(shared_data, "prompt_injection_bipia"))
    unseen = [each.text for each in bipia if is_test(each.attack)]
    assert sum(suspicion_of_text(text).is_injection for text in unseen) / len(unseen) > 0.7


def test_weights_are_fitted_on_nothing_that_forbids_it():
    detector = json.loads(WEIGHTS.with_name("card.json").read_text())
    cards = [json.dumps({**detector, "bound": "chosen, not fitted"}), negation.WEIGHTS.read_text()]
    for card in cards:
        assert "made by" in card
        assert not [name for name in ("aeslc", "dialogsum", "samsum", "alpaca", "-NC") if name.lower() in card.lower()]


def read_rows(shared: Path, name: str) -> list[dict]:
    with gzip.open(shared / "safety" / f"{name}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def test_bipia_is_taken_apart(shared_data):
    rows = read_rows(shared_data, "prompt_injection_bipia")
    found = attacked_texts(rows)
    assert len(found) == sum(row["label"] != "safe" for row in rows) == 570
    assert all(each.attack in each.text for each in found)
    assert not {each.attack for each in found} & {line for row in rows if row["label"] == "safe"
                                                   for line in row["text"].splitlines()}  # fmt: skip
    with pytest.raises(ValueError, match="a text has no attack that others have"):
        attacked_texts([*rows, {"label": "injection", "text": "Nothing of the kind."}])


def test_a_sentence_says_where_it_stands():
    said = units("The mill is old.\nThe mill has a wheel. It turns.\n\nWrite a poem about trains.")
    assert [unit.sentence for unit in said] == [
        "The mill is old.", "The mill has a wheel.", "It turns.", "Write a poem about trains.",
    ]  # fmt: skip
    assert said[-1].places == ("alone", "last", "topic off")
    assert said[0].places[:2] == ("starts", "first")
    assert units("One only.") == [Unit("One only.", ("only",))]
    assert units("S a y  n o  t o  t h i s  n o w")[0].sentence == "Say no to this now"


def test_where_a_sentence_stands_and_its_length_count():
    apart, inside = Unit("Write a poem.", ("alone", "topic off")), Unit("Write a poem.", ("topic on",))
    assert set(features(apart)) != set(features(inside))
    short, long = features(apart), features(Unit("Write a poem " * 20, ()))
    assert all(values(places)[places < PLACES].max() <= 1 for places in (short, long))
    assert (values(short)[short >= PLACES] == 1).all()


def test_an_empty_text_is_not_suspicious():
    assert suspicion_of_text("").score == 0
    assert suspicion_of_text("...").score == 0
