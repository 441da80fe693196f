"""A turn of a conversation with a language model, as chat endpoints and SFT trainers take it."""

from typing import Literal

from schemas.strict import StrictModel

Role = Literal["system", "user", "assistant"]


class ChatMessage(StrictModel):
    """Who says what."""

    role: Role
    """Who speaks."""
    content: str
    """What is said."""
