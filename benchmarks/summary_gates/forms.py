"""People's titles, lines and replies as answers of the products whose form they have."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from datagen.gates.text import words
from datagen.products.summary import Summary
from schemas.summaries.answers import RepliesAnswer, TitleAnswer
from schemas.summaries.product import Product

SHIFT = 17
"""How far on the conversation is whose reply is held against another one."""


def titles(samples: Sequence[Summary], product: Product) -> Mapping[str, list[Summary]]:
    """AESLC's subjects as titles: the annotators' (in small letters), who saw the mail alone, and the writers' own."""
    made = [replace(s, product=product, answer=TitleAnswer(title=s.text)) for s in samples]
    seen = {True: "titles: AESLC's annotators", False: "titles: AESLC's writers"}
    return {name: [s for s in made if (s.text == s.text.lower()) == small] for small, name in seen.items()}


def lines(samples: Sequence[Summary], product: Product) -> list[Summary]:
    """Summaries as toplines."""
    return [replace(s, product=product) for s in samples]


def replies(samples: Sequence[Summary], product: Product) -> Mapping[str, list[Summary]]:
    """The last turn of each conversation as a reply to the turns before, and to those of another conversation."""
    talks = {s.payload.payload_id: s for s in samples if len(s.payload.parts) > 2}
    own = [
        replace(s, payload=s.payload.model_copy(update={"parts": s.payload.parts[:-1]}), product=product, answer=answer)
        for s in talks.values()
        if (answer := _reply(s.payload.parts[-1].text, product)) is not None
    ]
    others = [replace(s, answer=o.answer) for s, o in zip(own, [*own[SHIFT:], *own[:SHIFT]], strict=True)]
    return {"replies: next turns": own, "replies: of another": others}


def _reply(text: str, product: Product) -> RepliesAnswer | None:
    fits = product.words.holds(len(words(text))) and product.characters.holds(len(text))
    return RepliesAnswer(replies=(text,)) if fits else None
