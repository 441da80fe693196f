"""Counting and masking over batches."""

import gzip
import json
import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from filters.batch import Batch
from filters.pii.redact import prepare
from schemas.bounds import Bound
from schemas.steps.pii import KINDS, Pii

STEP = Pii(national_ids=("es.dni", "it.codicefiscale"))
MEASURE = prepare(STEP)
TOKEN = re.compile("|".join(STEP.tokens.values()))


def batch(texts):
    nothing = pa.nulls(len(texts), pa.string())
    return Batch(text=pa.array(texts, pa.large_string()), uri=nothing, language=nothing)


def redact(texts):
    given_batch = batch(texts)
    found = MEASURE(given_batch)
    return found, (found.text or given_batch.text).to_pylist()


def assert_rest_is_kept(before, after):
    """What stands between the tokens stands in the text, in that order, from its first to its last character."""
    parts = TOKEN.split(after)
    position = 0
    for part in parts:
        position = before.index(part, position) + len(part)
    assert before.startswith(parts[0])
    assert before.endswith(parts[-1])


@pytest.fixture(scope="module")
def mails(shared_data):
    with gzip.open(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz", "rt") as rows:
        return [json.loads(row)["text"] for row in rows]


def test_real_mails_are_masked_once_and_only_where_something_is(mails):
    found, once = redact(mails)
    changed = [before != after for before, after in zip(mails, once, strict=True)]
    assert changed == [count > 0 for count in found.signals["count"].to_pylist()]
    assert 100 < sum(changed) < len(mails) / 2
    assert redact(once)[1] == once
    for before, after in zip(mails, once, strict=True):
        assert_rest_is_kept(before, after)


def test_counts_are_by_kind_and_add_up():
    texts = ["a@b.com, c@d.com 713-853-1569", "", "nothing", "536-22-8726"]
    found, masked = redact(texts)
    assert found.signals["email"].to_pylist() == [2, 0, 0, 0]
    assert found.signals["phone"].to_pylist() == [1, 0, 0, 0]
    assert found.signals["count"].to_pylist() == [3, 0, 0, 1]
    assert masked == ["<EMAIL>, <EMAIL> <PHONE>", "", "nothing", "<SSN>"]


def test_nothing_is_found_across_documents_lines_and_cells():
    texts = ["713-853", "-1569", "713-853\n-1569", "713-853\t1569", "jane@", "example.com"]
    found, _ = redact(texts)
    assert found.text is None
    assert found.signals["count"].to_pylist() == [0] * 6


def test_a_slice_of_a_batch_is_measured_alone():
    whole = pa.array(["a@b.com", "x 713-853-1569", "é e@b.com"], pa.large_string())
    nothing = pa.nulls(2, pa.string())
    found = MEASURE(Batch(text=whole.slice(1), uri=nothing, language=nothing))
    assert found.signals["email"].to_pylist() == [0, 1]
    assert found.text.to_pylist() == ["x <PHONE>", "é <EMAIL>"]


def test_mask_off_only_counts():
    found = prepare(Pii(mask=False))(batch(["a@b.com"]))
    assert (found.text, found.signals["count"].to_pylist()) == (None, [1])


def test_tokens_can_be_chosen_but_must_be_safe():
    tokens = {kind: f"[{kind}]" for kind in KINDS}
    assert prepare(Pii(tokens=tokens))(batch(["to a@b.com"])).text.to_pylist() == ["to [email]"]
    for wrong in ({"email": "x@y.com"}, {"phone": "555"}, {"ip": ""}):
        with pytest.raises(ValidationError, match="token"):
            Pii(tokens=tokens | wrong)
    with pytest.raises(ValidationError, match="no token for card"):
        Pii(tokens={kind: "x" for kind in KINDS if kind != "card"})


def test_rules_stand_on_every_count():
    assert Pii().rules() == {}
    assert list(Pii(count=Bound(max=5), ssn=Bound(max=0)).rules()) == ["pii.count", "pii.ssn"]


PIECES = st.sampled_from(
    ["a@b.com", "x@y.co.uk", "713-853-1569", "+44 20 7946 0018", "81.2.69.142", "2606:4700::1111", "536-22-8726",
     "4111", " 1111", "4111 1111 1111 1111", "DE89370400440532013000", "54362315K", "RCCMNL83S18D969H", " ", "\n", "-",
     ".", "@", "1", "42", "tel ", "SSN ", "ip ", "v", "é", "电话", "😀", "://", "/", "#", "(", ")", "<EMAIL>"]
)  # fmt: skip
NOISE = st.text(alphabet="0123456789-. @:+abcdef\n", max_size=12)
TEXTS = st.lists(st.one_of(PIECES, NOISE), max_size=14).map("".join)


@settings(max_examples=300)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_masking_is_idempotent_and_changes_nothing_else(texts):
    found, once = redact(texts)
    again, twice = redact(once)
    assert twice == once
    assert sum(again.signals["count"].to_pylist()) == 0
    for before, after, count in zip(texts, once, found.signals["count"].to_pylist(), strict=True):
        assert (before == after) == (count == 0)
        assert_rest_is_kept(before, after)


@settings(max_examples=100)
@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_a_document_is_masked_alike_in_any_batch(texts):
    assert redact(texts)[1] == [redact([text])[1][0] for text in texts]
