"""The sample has every text once and does not depend on the order of reading."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.train.sample import Example, Sample, balance

examples = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d e", "d\ne", "F", "f", "", "  "]), st.sampled_from(["x", "y"])),
    max_size=30,
)


def sampled(rows, limit=100, lowercase=False, seed=0) -> Sample:
    sample = Sample(limit, lowercase, seed)
    for row in rows:
        sample.add([Example(*row, uri=None)])
    return sample


@given(examples, st.randoms(use_true_random=False), st.integers(1, 4))
def test_is_the_same_for_any_order(rows, random, limit):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert sampled(rows, limit).texts() == sampled(shuffled, limit).texts()


@given(examples, st.integers(1, 100))
def test_every_text_is_accounted_for(rows, limit):
    sample = sampled(rows, limit)
    texts, contradictory = sample.texts()
    assert len(rows) == len(texts) + contradictory + sample.empty + sample.duplicates + sample.over_limit


def test_holds_each_text_once_as_the_model_would_read_it():
    sample = sampled([("d e", "x"), ("d\ne", "x"), ("F", "x"), ("f", "x"), (" ", "x")], lowercase=True)
    texts, _ = sample.texts()
    assert sorted(found.line for found in texts) == ["d e", "f"]
    assert (sample.duplicates, sample.empty) == (2, 1)


def test_leaves_out_texts_with_two_labels():
    texts, contradictory = sampled([("a", "x"), ("a", "y"), ("b", "x")]).texts()
    assert [found.line for found in texts] == ["b"]
    assert contradictory == 2


def test_holds_at_most_the_limit_of_a_label_and_another_seed_holds_others():
    rows = [(str(number), label) for number in range(500) for label in ("x", "y")]
    first, _ = sampled([row for row in rows if row[1] == "x"], limit=50).texts()
    second, _ = sampled([row for row in rows if row[1] == "x"], limit=50, seed=1).texts()
    assert len(first) == 50
    assert {found.line for found in first} != {found.line for found in second}


def test_balances_to_the_rarest_label():
    texts, _ = sampled([(f"x{n}", "x") for n in range(30)] + [(f"y{n}", "y") for n in range(10)]).texts()
    labels = [found.label for found in balance(texts)]
    assert labels.count("x") == labels.count("y") == 10
