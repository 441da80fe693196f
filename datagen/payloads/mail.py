"""E-mails as payloads: mbox, Maildir and EML, by the standard library; a thread is one stacked payload."""

import email
import mailbox
import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text

from datagen.payloads.reading import Read, Unreadable
from schemas.fingerprint import fingerprint
from schemas.payload import Part, Payload

QUOTED = re.compile(r"^\s*>.*$|^(?:On|Am|Le|El) .{5,120}(?:wrote|schrieb|a écrit|escribió):\s*$", re.MULTILINE)
ORIGINAL = re.compile(
    r"^-{2,} ?(?:Original Message|Forwarded by|Ursprüngliche Nachricht)\b", re.MULTILINE | re.IGNORECASE
)
MOST_PARTS = 30
"""Mails of one thread that make a payload; a longer thread is cut after them."""


def read_eml(path: Path) -> Iterator[Read]:
    """The mail in a file."""
    yield from _payloads([_parsed(path.read_bytes())], str(path))


def read_mbox(path: Path) -> Iterator[Read]:
    """The threads of a mailbox file. Memory: the texts of the mailbox."""
    box = mailbox.mbox(path, create=False)
    yield from _payloads((_parsed(box.get_bytes(key)) for key in box.iterkeys()), str(path))


def read_maildir(path: Path) -> Iterator[Read]:
    """The threads of a Maildir folder. Memory: the texts of the mailbox."""
    box = mailbox.Maildir(path, create=False)
    yield from _payloads((_parsed(box.get_bytes(key)) for key in sorted(box.iterkeys())), str(path))


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=default)


def _payloads(messages: Iterable[EmailMessage], container: str) -> Iterator[Read]:
    threads: dict[str, list[Part]] = {}
    for number, message in enumerate(messages, 1):
        try:
            part, root = _part(message), _root(message) or f"{container}/{number}"
        except (LookupError, ValueError, AttributeError) as error:
            yield Unreadable(container, number, "BrokenMail", f"{type(error).__name__}: {error}")
            continue
        if part.text.strip():
            threads.setdefault(root, []).append(part)
        else:
            yield Unreadable(container, number, "EmptyMail", "the mail has no text")
    for root, parts in threads.items():
        shown = parts[:MOST_PARTS]
        if len(shown) > 1:
            shown = [part.model_copy(update={"text": without_quotes(part.text) or part.text}) for part in shown]
        yield Payload(kind="email", parts=tuple(shown), family=fingerprint(root), source=Path(container).name)


def _part(message: EmailMessage) -> Part:
    """The mail's text, sender, subject and date. Raises LookupError or ValueError: it cannot be decoded."""
    body = message.get_body(preferencelist=("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = extract_plain_text(text, main_content=False)
    name, address = parseaddr(str(message.get("From", "")))
    return Part(
        text=text.replace("\r\n", "\n").strip(),
        sender=name or address or None,
        title=str(message["Subject"]) if message["Subject"] else None,
        sent_at=str(message["Date"]) if message["Date"] else None,
    )


def _root(message: EmailMessage) -> str:
    """The id of the first mail of the thread, as far as this one knows."""
    known = re.findall(r"<[^<>\s]+>", f"{message.get('References', '')} {message.get('In-Reply-To', '')}")
    return known[0] if known else str(message.get("Message-ID", "")).strip()


def without_quotes(text: str) -> str:
    """A reply without the text that it quotes: in a thread that stands there already."""
    original = ORIGINAL.search(text)
    return QUOTED.sub("", text[: original.start()] if original else text).strip()
