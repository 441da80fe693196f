"""What a reader of payloads gives: a payload, or why there is none."""

from dataclasses import dataclass

from schemas.payload import Payload


@dataclass(frozen=True)
class Unreadable:
    """A record that is no payload."""

    container: str
    """The file."""
    position: int
    """Its number in the file, from 1."""
    error_class: str
    """A stable name that manifests count by."""
    message: str
    """What is wrong, for a person."""


Read = Payload | Unreadable
