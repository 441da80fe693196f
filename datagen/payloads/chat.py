"""Messages out of the text of a conversation: transcripts, and the exports of chat programs."""

import re

from schemas.payload import Part

SPEAKER = re.compile(r"^(?:#(?P<hashed>[^#\n]{1,40})#|(?P<plain>[^\W\d_][\w .'’&()<>-]{0,39}?))\s?: ?(?P<text>.*)$")
"""``Anna: hello`` and ``#Person1#: hello``."""
STAMPED = re.compile(
    r"^\W?\[?(?P<time>\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?"
    r" \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]?[AaPp]\.?[Mm]\.?)?)\]?"
    r"(?: [-–])? (?P<sender>[^:\n]{1,60}): (?P<text>.*)$"
)
"""``[12.03.24, 18:05:11] Anna: hello`` and ``12/03/24, 6:05 PM - Anna: hello``: exports of messengers."""


def parse_chat(text: str) -> tuple[Part, ...]:
    """The messages of a conversation; none, where the text is no conversation.

    A line without a sender goes on with the message before it. What comes before the first sender is not a message,
    so a text that begins otherwise is none.
    """
    parts: list[Part] = []
    for line in text.splitlines():
        stamped = STAMPED.match(line)
        said = stamped or SPEAKER.match(line)
        if said is not None:
            groups = said.groupdict()
            sender = groups.get("sender") or groups.get("hashed") or groups.get("plain")
            parts.append(Part(text=said["text"].strip(), sender=sender, sent_at=groups.get("time")))
        elif not parts:
            return ()
        elif line.strip():
            last = parts[-1]
            parts[-1] = last.model_copy(update={"text": f"{last.text}\n{line.strip()}".strip()})
    return tuple(part for part in parts if part.text) if len({part.sender for part in parts}) > 1 else ()
