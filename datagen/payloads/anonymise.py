"""Replaces personal data by made-up values, the same ones throughout a seed family (AFM R32).

Found are e-mail addresses, telephone, card, account, social security and IP numbers (`filters/pii`) and names of people
(`people`). Not found are postal addresses, and names that neither sends a part, nor is recognised, nor in a list.
"""

import re
from collections.abc import Callable, Mapping

import pyarrow as pa

from datagen.payloads import made_up
from datagen.payloads.people import People, locale_of
from filters.pii.finders import Finder
from filters.pii.redact import find
from schemas.payload import Part, Payload
from schemas.steps.pii import Kind


class NotAnonymised(ValueError):
    """A payload that was about to leave the machine with personal data in it."""


def anonymise(payload: Payload, people: People, finders: Mapping[Kind, Finder], seed: int) -> Payload:
    """The payload with made-up values. The same seed and family give the same values for the same data."""
    key, locale = f"{seed}/{payload.family}", locale_of(payload.language)
    texts = [text for part in payload.parts for text in (part.title, part.text) if text]
    senders = [part.sender for part in payload.parts if part.sender] + ([payload.reader] if payload.reader else [])
    english = payload.language in (None, "en")
    words = people.words(texts if english else [], senders)
    names = made_up.names(words, locale, key)
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    pattern = re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, longest_first))})(?![\w@])")

    def rename(found: re.Match[str]) -> str:
        word, made = found[0], names[found[0].lower()]
        return made.upper() if word.isupper() else made.lower() if word.islower() else made

    def clean(text: str | None) -> str | None:
        if not text:
            return text
        replaced = _numbers_and_addresses(text, finders, key)
        return pattern.sub(rename, replaced) if words else replaced

    parts = tuple(_edit(part, clean) for part in payload.parts)
    return payload.model_copy(update={"parts": parts, "reader": clean(payload.reader), "anonymised": True})


def check_may_leave(payload: Payload, *, teacher_is_remote: bool, needs_anonymised: bool) -> None:
    """Raises NotAnonymised where a payload that was not anonymised would go to another machine."""
    if teacher_is_remote and needs_anonymised and not payload.anonymised:
        raise NotAnonymised(
            f"payload {payload.payload_id} of {payload.source} was not anonymised and the teacher is on another "
            "machine: set payloads.anonymise: true, or payloads.remote_needs_anonymised: false if its data may leave"
        )


def _edit(part: Part, clean: Callable[[str | None], str | None]) -> Part:
    return part.model_copy(
        update={"text": clean(part.text) or "", "sender": clean(part.sender), "title": clean(part.title)}
    )


def _numbers_and_addresses(text: str, finders: Mapping[Kind, Finder], key: str) -> str:
    content = text.encode()
    for _, start, end, kind in reversed(find(pa.array([text], pa.large_string()), finders)):
        made = made_up.value(kind, content[start:end].decode(), key)
        content = content[:start] + made.encode() + content[end:]
    return content.decode()
