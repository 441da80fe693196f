"""Evaluation sets: exactly so many, spread, frozen, without what training has; grades add up as they should."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.evaluation.choose import SIZE, TooFew, choose, stratum
from datagen.evaluation.frozen import Changed, check, freeze
from datagen.evaluation.grades import DIMENSIONS, GRADES, Grading, add_up, overall
from datagen.evaluation.overlap import Overlap
from datagen.evaluation.sheet import BadSheet, code, read_sheet, write_sheet
from datagen.payloads.read import read_payloads
from datagen.payloads.render import render
from tests.support.summaries import payload

GOOD = dict.fromkeys(DIMENSIONS, "good")


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
    with pytest.raises(TooFew, match="email: 2 different payloads, 750 are needed"):
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


def test_grades_add_up_with_intervals():
    poor = GOOD | {"groundedness": "poor"}
    gradings = [Grading(item=f"i{n}", system="m", grader="a", grades=poor if n < 30 else GOOD) for n in range(100)]
    (result,) = add_up(gradings)
    assert (result.items, result.overall["good"].share, result.overall["poor"].count) == (100, 0.7, 30)
    # Wilson's interval of 70 in 100, as statistics packages give it.
    assert result.overall["good"].low == pytest.approx(0.6042, abs=1e-4)
    assert result.overall["good"].high == pytest.approx(0.7811, abs=1e-4)
    assert result.dimensions["groundedness"]["poor"].count == 30
    assert result.dimensions["composition"]["good"].share == 1


def test_the_median_of_graders_counts_the_worse_of_two():
    given_ = [
        Grading(item="i", system="m", grader=g, grades=GOOD | {"composition": c})
        for g, c in zip("abc", GRADES, strict=True)
    ]
    assert add_up(given_)[0].dimensions["composition"]["neutral"].count == 1
    assert add_up(given_[:2])[0].dimensions["composition"]["neutral"].count == 1


def test_sheets_come_back_as_they_were_filled():
    rows = [(f"i{n}", system, 'a "quoted"\ntext', "Summarize.", "short") for n in range(5) for system in ("a", "b")]
    sheet = write_sheet(rows, 0)
    items = {code(item, system): (item, system) for item, system, *_ in rows}
    assert ",a," not in sheet
    assert read_sheet(sheet, "g", items) == []
    lines = sheet.replace("short,,,,,", "short,Good,good,neutral,good,good")
    found = read_sheet(lines, "g", items)
    assert {(g.item, g.system) for g in found} == set(items.values())
    assert all(overall(g.grades) == "neutral" for g in found)
    with pytest.raises(BadSheet, match=r"line \d+: composition: 'great'; each must be one of good, neutral, poor"):
        read_sheet(lines.replace("Good", "great"), "g", items)
    with pytest.raises(BadSheet, match="no item has the code"):
        read_sheet(lines, "g", {})
