"""Counts personal data in a batch and masks it."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.pii.email import find_emails
from filters.pii.finders import Finder
from filters.pii.national_ids import find_ssns, national_id_finder
from filters.pii.network import find_ips
from filters.pii.payment import find_cards, find_ibans
from filters.pii.windows import Bytes, at_signs, ipv6_starts, numbers
from schemas.steps.pii import KINDS, Kind, Pii


class Finding(NamedTuple):
    """Personal data: where it stands in its document, in bytes. Findings sort by place, then by rank of the kind."""

    document: int
    start: int
    end: int
    kind: Kind


def prepare(step: Pii) -> Measure:
    """Make the finders ready; raises ``SettingError`` for an unknown phone region or national id."""
    finders = finders_of(step)

    def measure(batch: Batch) -> Measurement:
        counts = {kind: np.zeros(len(batch), dtype=np.int32) for kind in KINDS}
        findings = find(batch.text, finders)
        for finding in findings:
            counts[finding.kind][finding.document] += 1
        signals = {kind: pa.array(values) for kind, values in counts.items()}
        signals["count"] = pa.array(np.sum(list(counts.values()), axis=0, dtype=np.int32))
        text = mask(batch.text, findings, finders, step.tokens) if step.mask and findings else None
        return Measurement(signals=signals, text=text)

    return measure


def finders_of(step: Pii) -> dict[Kind, Finder]:
    """What looks for each kind that the step asks for. Raises ``SettingError`` as `prepare` does."""
    finders: dict[Kind, Finder] = {
        "email": find_emails,
        "iban": find_ibans,
        "card": find_cards,
        "national_id": national_id_finder(step.national_ids),
        "ssn": find_ssns,
        "ip": find_ips,
    }
    if "phone" in step.kinds:
        from filters.pii.phone import phone_finder  # noqa: PLC0415 - libphonenumber takes a tenth of a second to import

        finders["phone"] = phone_finder(step.phone_regions)
    return {kind: finders[kind] for kind in KINDS if kind in step.kinds}


def find(text: pa.LargeStringArray, finders: Mapping[Kind, Finder]) -> list[Finding]:
    """All personal data, in the order of the documents, none overlapping another."""
    content = Bytes.of(text)
    scans = {"email": at_signs, "ip": ipv6_starts}
    found = set[Finding]()
    for kind, scan in scans.items():
        found |= set(_decide(content, *scan(content), {k: f for k, f in finders.items() if k == kind}))
    found |= set(_decide(content, *numbers(content), {k: f for k, f in finders.items() if k != "email"}))
    return _without_overlaps(found)


def _decide(content: Bytes, starts: np.ndarray, ends: np.ndarray, finders: Mapping[Kind, Finder]) -> Iterator[Finding]:
    if not finders:
        return
    for window in content.windows(starts, ends):
        for kind, finder in finders.items():
            for first, last in finder(window):
                # What does not touch the candidate may be cut off by the window; it has a window of its own.
                if first < window.last and last > window.first:
                    yield Finding(window.document, window.byte(first), window.byte(last), kind)


def _without_overlaps(found: Iterable[Finding]) -> list[Finding]:
    """Of findings that share bytes keep the one whose kind ranks first, then the longest."""
    kept: list[Finding] = []
    taken: dict[int, list[tuple[int, int]]] = {}
    for finding in sorted(found, key=lambda f: (f.document, KINDS.index(f.kind), f.start - f.end, f.start)):
        spans = taken.setdefault(finding.document, [])
        if all(finding.end <= start or finding.start >= end for start, end in spans):
            spans.append((finding.start, finding.end))
            kept.append(finding)
    return sorted(kept)


def mask(
    text: pa.LargeStringArray, findings: list[Finding], finders: Mapping[Kind, Finder], tokens: Mapping[Kind, str]
) -> pa.LargeStringArray:
    """``text`` with every finding replaced by the token of its kind; all other bytes stay."""
    while findings:
        rows = sorted({finding.document for finding in findings})
        changed = dict(zip(rows, (text[row].as_buffer().to_pybytes() for row in rows), strict=True))
        for document, start, end, kind in reversed(findings):
            content = changed[document]
            changed[document] = content[:start] + tokens[kind].encode() + content[end:]
        edited = np.zeros(len(text), dtype=bool)
        edited[rows] = True
        masked = pa.array([content.decode() for content in changed.values()], pa.large_string())
        text = pc.replace_with_mask(text, pa.array(edited), masked)
        # A token can set a number free that was part of a longer one before.
        findings = [Finding(rows[again.document], *again[1:]) for again in find(masked, finders)]
    return text
