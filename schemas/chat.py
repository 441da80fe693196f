"""A turn of a conversation with a language model, as chat endpoints and SFT trainers take it."""

from typing import Literal

from pydantic import Field

from schemas.strict import StrictModel

Role = Literal["system", "user", "assistant", "tool"]


class ToolCall(StrictModel):
    """An assistant's wish to call a tool."""

    id: str = Field(min_length=1)
    """What the tool's answer refers to."""
    name: str = Field(min_length=1)
    """The tool."""
    arguments: str
    """JSON text, as the model wrote it."""


class ChatMessage(StrictModel):
    """Who says what."""

    role: Role
    """Who speaks."""
    content: str
    """What is said; empty where an assistant only calls tools."""
    tool_calls: tuple[ToolCall, ...] = ()
    """What an assistant calls."""
    tool_call_id: str | None = None
    """The call that a tool answers."""
