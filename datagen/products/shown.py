"""What of a payload a product is made from: whoever writes a title must not see the one that is there."""

from schemas.payload import Payload
from schemas.summaries.product import Product


def shown(payload: Payload, product: Product) -> Payload | None:
    """The payload as teacher, gates and adapter see it; None, where nothing is left of it.

    For a title it is without the subjects of mails and the headings of texts: a model that sees them copies them, and
    an adapter would learn to. A notification keeps its title, which is part of what it says.
    """
    if product.form != "title" or payload.kind == "notification":
        return payload
    parts = tuple(part.model_copy(update={"title": None}) for part in payload.parts)
    if not any(part.text.strip() for part in parts):
        return None
    return payload.model_copy(update={"parts": parts})
