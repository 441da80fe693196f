"""Payloads out of JSON lines: rows of Orchard's own contract, or texts with the fields that data sets use."""

import json
from collections.abc import Iterable, Iterator, Mapping

from datagen.payloads.chat import parse_chat
from datagen.payloads.reading import Read, Unreadable
from pipelines.read.raw.window import Broken
from schemas.payload import Part, Payload, PayloadKind

KINDS: Mapping[str, PayloadKind] = {
    "email": "email",
    "mail": "email",
    "message": "message",
    "dialogue": "message",
    "dialog": "message",
    "chat": "message",
    "sms": "message",
    "notification": "notification",
    "news": "article",
    "article": "article",
    "meeting": "meeting",
    "document": "document",
}
"""What data sets call a kind."""

FAMILY_FIELDS = ("family", "thread", "person", "topic", "id")
"""What keeps related rows together: the first of these that a row has."""


def read_jsonl(lines: Iterable[str], container: str) -> Iterator[Read]:
    """A payload a line, or what is wrong with it. Blank lines are passed over; memory: one line.

    Where ``lines`` raise Broken, that is the last of it.
    """
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _parse(line, container, number)
    except Broken as broken:
        yield Unreadable(container, number + 1, broken.error_class, broken.message)


def _parse(line: str, container: str, number: int) -> Read:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unreadable(container, number, "InvalidJson", str(error))
    if not isinstance(row, dict):
        return Unreadable(container, number, "WrongType", f"the line holds a {type(row).__name__}, not an object")
    try:
        return Payload.model_validate(row) if "parts" in row else _from_row(row, container, number)
    except ValueError as error:
        return Unreadable(container, number, "InvalidPayload", str(error))


def _from_row(row: Mapping[str, object], container: str, number: int) -> Payload:
    """The payload of a row with ``text``. Raises ValueError: it has none, or an unknown ``kind``."""
    text, named = row.get("text"), row.get("kind", "document")
    if not isinstance(text, str):
        raise ValueError("no field `text` with the text, and no `parts`")
    if named not in KINDS:
        raise ValueError(f"kind {named!r}: use one of {', '.join(KINDS)}")
    kind = KINDS[str(named)]
    source = str(row.get("source") or container)
    group = next((str(row[name]) for name in FAMILY_FIELDS if isinstance(row.get(name), str | int)), str(number))
    parts = parse_chat(text) if kind in ("message", "meeting") else ()
    subject, sender, language = row.get("subject"), row.get("sender"), row.get("lang", row.get("language"))
    single = Part(
        text=text,
        title=subject if isinstance(subject, str) else None,
        sender=sender if isinstance(sender, str) else None,
    )
    return Payload(
        kind=kind,
        parts=parts or (single,),
        family=f"{source}/{group}",
        source=source,
        language=language if isinstance(language, str) else None,
    )
