"""Telephone numbers and e-mail addresses of real mails, against labels made by hand."""

import gzip
import json

import pyarrow as pa
import pytest
import xxhash

from filters.pii.redact import find, finders_of
from schemas.steps.pii import Pii


@pytest.mark.parametrize(("kind", "labelled"), [("email", 155), ("phone", 222)])
def test_precision_and_recall_are_at_least_95_percent(shared_data, repository, kind, labelled):
    with gzip.open(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz", "rt") as rows:
        mails = [json.loads(row)["text"] for row in rows]
    labels = json.loads((repository / "tests" / "golden" / "pii_enron.json").read_text())["items"]
    names = [xxhash.xxh3_64_hexdigest(mail.encode()) for mail in mails]
    truth = {(digest, start, end) for digest, start, end, found in labels if found == kind}
    findings = find(pa.array(mails, pa.large_string()), finders_of(Pii()))
    found = {(names[f.document], f.start, f.end) for f in findings if f.kind == kind}
    assert len(truth) == labelled
    assert len(found & truth) >= 0.95 * len(truth)
    assert len(found & truth) >= 0.95 * len(found)


def test_nothing_else_is_found_in_mails_without_any(shared_data):
    with gzip.open(shared_data / "summarization" / "aeslc_enron_email.jsonl.gz", "rt") as rows:
        mails = [json.loads(row)["text"] for row in rows]
    kinds = {finding.kind for finding in find(pa.array(mails, pa.large_string()), finders_of(Pii()))}
    assert kinds == {"email", "phone"}
