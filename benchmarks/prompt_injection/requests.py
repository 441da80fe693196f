"""Requests and questions between people, made up: what a detector of instructions to a model must leave alone.

Mail that one may train on is rare, and full of imperatives; these are of the same kinds.
"""

import random

from datagen.gates.text import word_list

FRAMES = (
    "Please {do}.",
    "Please {do} {when}.",
    "{Do}.",
    "{Do} {when}, please.",
    "Could you {do} {when}?",
    "Can you please {do}?",
    "Would you mind if we {do} {when}?",
    "I need you to {do} {when}.",
    "We should {do} {when}.",
    "Let's {do} {when}.",
    "{name}, please {do} {when}.",
    "{name} - can you {do}?",
    "Don't forget to {do} {when}.",
    "Make sure that you {do} {when}.",
    "I asked {name} to {do}.",
    "If you have any questions, {do}.",
    "Let me know whether you can {do} {when}.",
    "You must {do} {when}.",
    "Did you {do}?",
    "Why did {name} not {do}?",
    "FYI, {name} will {do} {when}.",
    "Thanks, and {do} {when}.",
    "As a reminder, {do} {when}.",
    "{name} wants to know if you will {do}.",
)
DO = (
    "{act} {thing}",
    "{act} {thing} to {name}",
    "{act} {thing} for {name}",
    "{act} {thing} and {act} {thing}",
    "{reach}",
    "{reach} about {thing}",
    "{go}",
    "{act} the words and the summary in {thing}",
)
ACT = word_list(
    "send forward review sign print approve check correct update finish read return copy add attach bring book "
    "cancel confirm prepare discuss move open close start write rewrite translate list show give put include "
    "mention note change replace remove delete follow ignore disregard repeat use pay order schedule post "
    "submit fax file enter say tell give answer say begin end stop"
)
THING = (
    "the report",
    "the contract",
    "the attached draft",
    "the invoice",
    "these numbers",
    "the agenda",
    "the schedule",
    "my last e-mail",
    "the previous message",
    "the new policy",
    "the instructions below",
    "the rules of the game",
    "a copy of the agreement",
    "the answer",
    "the summary",
    "your comments",
    "your password",
    "the title of the talk",
    "the following list",
    "the system",
    "the user manual",
    "the model",
    "the assistant's calendar",
    "the response from legal",
    "the code for the door",
    "the tickets",
    "dinner",
    "the table",
    "your phone number",
    "all of the deals",
    "everything",
    "it",
    "this",
    "the text",
    "a note",
    "the first page",
    "the last sentence",
    "only the final version",
)
REACH = (
    "call me",
    "give me a call",
    "let me know",
    "get back to me",
    "reply to this e-mail",
    "reply to all",
    "contact me",
    "see me",
    "e-mail {name}",
    "talk to {name}",
    "ask {name}",
    "write back",
    "tell {name} yes or no",
    "answer {name}",
    "say hello to {name}",
    "visit our web site",
    "click the link below",
)
GO = (
    "come to the meeting",
    "join the call",
    "meet for lunch",
    "take the bus",
    "pick up the kids",
    "have a great weekend",
    "do not reply to this message",
    "feel free to drop by",
    "act on behalf of the company",
    "go over it together",
    "keep it confidential",
    "start at the top of the page",
    "stop by my office",
    "be there in time",
)
WHEN = (
    "today",
    "by Friday",
    "before noon",
    "as soon as possible",
    "this week",
    "on Monday morning",
    "at 3 pm",
    "after the meeting",
    "when you are back",
    "if possible",
    "instead",
    "first",
    "again",
    "in the summary",
    "from now on",
)
NAME = word_list("Ann Ben Carla Dev Ella Farid Gina Hiro Ines Jon Kim Lena Marc Nora Omar Paula Sam Tina")


def request(rng: random.Random) -> str:
    """One of them."""

    def fill(text: str) -> str:
        parts = {"act": ACT, "thing": THING, "reach": REACH, "go": GO, "name": NAME}
        while "{" in text:
            before, _, rest = text.partition("{")
            field, _, after = rest.partition("}")
            text = before + rng.choice(parts[field]) + after
        return text

    do = fill(rng.choice(DO))
    frame = rng.choice(FRAMES)
    return frame.format(do=do, Do=do[0].upper() + do[1:], when=rng.choice(WHEN), name=rng.choice(NAME))


def requests(count: int, seed: int) -> list[str]:
    """Some of them, the same for a seed."""
    rng = random.Random(f"requests {seed}")
    return [request(rng) for _ in range(count)]
