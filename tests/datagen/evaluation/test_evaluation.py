"""Evaluation sets: exactly so many, spread, frozen, without what training has; grades add up as they should."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.evaluation.choose import SIZE, TooFew, choose, stratum
from datagen.evaluation.frozen import Changed, check, freeze
from datagen.evaluation.grades import DIMENSIONS, GRADES, overall
from datagen.evaluation.held_out import HeldOut, Shared
from datagen.evaluation.hold_out import hold_out
from datagen.evaluation.overlap import Overlap
from datagen.payloads.read import read_payloads
from datagen.payloads.render import render
from tests.support.summaries import payload


def test_seven_hundred_and_fifty_real_mails(shared_data):
    mails = list(read_payloads(str(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz")))
    chosen = choose(mails, "email", seed=7)
    assert len(chosen) == SIZE == 750 == len({p.payload_id for p in chosen})
    shuffled = list(mails)
    random.Random(1).shuffle(shuffled)
    assert choose(shuffled, "email", seed=7) == chosen
    assert choose(mails, "email", seed=8) != chosen
    for name in {stratum(p) for p in mails}:
        share = sum(stratum(p) == name for p in mails) / len(mails)
        assert abs(sum(stratum(p) == name for p in chosen) / 750 - share) < 0.01
    frozen = freeze("email", chosen, 7)
    check(frozen, list(reversed(chosen)))
    with pytest.raises(Changed, match="749 payloads"):
        check(frozen, chosen[1:])
    edited = chosen[0].model_copy(update={"language": "fr"})
    with pytest.raises(Changed, match="results are not comparable"):
        check(frozen, [edited, *chosen[1:]])


def test_too_few_is_an_error_that_counts():
    with pytest.raises(TooFew, match="750 different payloads of each use case are needed, and there are: email 2"):
        choose([payload("one"), payload("two"), payload("one")], "email", 0)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=40, unique=True), st.data())
def test_exactly_so_many_whatever_the_strata(lengths, data):
    payloads = [payload(" ".join(["word"] * length)) for length in lengths]
    size = data.draw(st.integers(1, len(payloads)))
    assert len(choose(payloads, "email", 0, size)) == size


def test_what_training_has_is_found(shared_data):
    mails = list(read_payloads(str(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz")))[:600]
    texts = [render(p) for p in mails if len(render(p).split()) > 40]
    held_out, training = texts[:100], texts[100:300]
    words = held_out[3].split()
    training[5] = held_out[1]
    training[6] = held_out[2] + " Kind regards to all of you"
    training[7] = f"something else entirely {' '.join(words[5:25])} and on it goes"
    seen = Overlap(held_out)
    found = [*seen.look(training[:100]), *seen.look(training[100:])]
    by_candidate = {}
    for one in found:
        by_candidate.setdefault(one.candidate, set()).add((one.reason, one.training))
    assert {("near_duplicate", 5), ("passage", 5)} <= by_candidate[1]
    assert ("near_duplicate", 6) in by_candidate[2]
    assert ("passage", 7) in by_candidate[3]
    clean = Overlap(["An owl sat on the old barn and looked at the moon over the quiet river valley"])
    assert clean.look(training) == []


def test_what_is_shared_says_how_much_of_which_payload():
    words = [f"w{number}" for number in range(60)]
    held = payload(" ".join(words), family="kept apart")
    apart = HeldOut([payload("An owl sat on the old barn and looked at the moon"), held])
    assert apart.shared("kept apart", "whatever") == Shared("family", "kept apart")
    assert apart.shared("other", f"{' '.join(words)} and more") == Shared(
        "near_duplicate", f"similarity 0.97 to payload {held.payload_id}"
    )
    passage = f"quite another text {' '.join(words[10:30])} that goes on {'and on ' * 40}"
    assert apart.shared("other", passage) == Shared("passage", f"20 words of payload {held.payload_id}")
    assert apart.shared("other", " ".join(words[10:22])) is None


def test_near_duplicates_agree_with_all_pairs():
    rng = random.Random(0)
    base = [[f"w{rng.randrange(500)}" for _ in range(60)] for _ in range(30)]
    edited = [[w if rng.random() > 0.06 else "x" for w in words] for words in base]
    found = Overlap([" ".join(words) for words in base], 0.6, passage_words=60).look([" ".join(w) for w in edited])

    def triples(words):
        return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}

    pairs = {
        (i, j)
        for i, a in enumerate(map(triples, base))
        for j, b in enumerate(map(triples, edited))
        if len(a & b) / len(a | b) >= 0.6
    }
    assert {(s.candidate, s.training) for s in found if s.reason == "near_duplicate"} == pairs


@given(st.dictionaries(st.sampled_from(DIMENSIONS), st.sampled_from(GRADES), min_size=5, max_size=5))
def test_good_if_all_poor_if_any(grades):
    expected = "poor" if "poor" in grades.values() else "good" if set(grades.values()) == {"good"} else "neutral"
    assert overall(grades) == expected


def test_a_missing_dimension_is_an_error():
    with pytest.raises(ValueError, match="no grade for harmfulness"):
        overall({d: "good" for d in DIMENSIONS if d != "harmfulness"})


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 40)), max_size=60), st.integers(1, 40), st.randoms())
def test_families_are_held_out_whole_and_no_more_than_needed(rows, least, rng):
    payloads = [payload(f"text {text}", family=f"f{family}") for family, text in rows]
    held = hold_out(payloads, least, seed=3)
    ids = {(p.family, p.payload_id) for p in held}
    families = {p.family for p in held}
    everything = {p.payload_id for p in payloads}
    assert {p.payload_id for p in payloads if p.family in families} == {p.payload_id for p in held}
    assert len(held) >= min(least, len(everything))
    if len(families) > 1:
        smallest_rest = min(
            len({p.payload_id for p in held} - {p.payload_id for p in payloads if p.family == family})
            for family in families
        )
        assert smallest_rest < least
    rng.shuffle(payloads)
    assert {p.payload_id for p in hold_out(payloads, least, seed=3)} == {payload_id for _, payload_id in ids}
