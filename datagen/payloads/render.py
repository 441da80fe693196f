"""A payload as text: the same form for the teacher, the adapter and the gates."""

from schemas.payload import Part, Payload


def render(payload: Payload) -> str:
    """The parts in order. E-mails and documents are apart by a rule, messages and notifications have a line each."""
    if payload.kind in ("message", "meeting", "notification"):
        return "\n".join(_line(part) for part in payload.parts)
    return "\n\n---\n\n".join(_block(part) for part in payload.parts)


def _line(part: Part) -> str:
    """``App · Sender · Title: text``, without what is not known."""
    head = " · ".join(field for field in (part.app, part.sender, part.title) if field)
    time = f"[{part.sent_at}] " if part.sent_at else ""
    return f"{time}{head}: {part.text}" if head else f"{time}{part.text}"


def _block(part: Part) -> str:
    """Header lines that are known, an empty line, the text."""
    names = (("From", part.sender), ("Date", part.sent_at), ("Subject", part.title))
    header = "\n".join(f"{name}: {value}" for name, value in names if value)
    return f"{header}\n\n{part.text}" if header and part.text else header or part.text
