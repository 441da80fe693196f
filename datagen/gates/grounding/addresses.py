"""URLs, e-mail addresses and telephone numbers of a summary must stand in the payload."""

import re

import pyarrow as pa

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.products.summary import Summary
from filters.pii.redact import find, finders_of
from schemas.steps.pii import Pii

URL = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"')\]]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|co\.uk|de|fr)\b(?:/[^\s<>\"')\]]*)?",
    re.IGNORECASE,
)
PREFIX = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
CONTACTS = Pii(kinds=("email", "phone", "iban", "card", "ip"))


class AddressesGate(EachSummary):
    """Rejects summaries with an address or number to reach somebody by that the payload does not have."""

    name = "addresses"

    def __init__(self) -> None:
        self._finders = finders_of(CONTACTS)

    def verdict(self, sample: Summary) -> Verdict:
        """The score is how many of them the payload lacks."""
        bound, source = "0 addresses that the payload lacks", sample.source
        text = sample.text
        missing = [url for url in URL.findall(text) if _bare(url) not in source.lower()]
        encoded = text.encode()
        for finding in find(pa.array([text], pa.large_string()), self._finders):
            contact = encoded[finding.start : finding.end].decode()
            if contact.lower() not in source.lower() and _digits(contact) not in _digits(source):
                missing.append(contact)
        if missing:
            return self.failed(len(missing), bound, "address_not_in_payload", missing[0])
        return self.passed(0, bound)


def _bare(url: str) -> str:
    return PREFIX.sub("", url).rstrip(".,;:!?/").lower()


def _digits(text: str) -> str:
    """Digits only; a text with few has none, so that an address is not found in everything."""
    found = re.sub(r"\D", "", text)
    return found if len(found) >= 7 else text
