"""Personal data in texts: what is looked for and what happens to it."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self, get_args

import pyarrow as pa
from pydantic import model_validator

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step

SOURCE = "AFM R11; Dolma (arXiv:2402.00159)"

Kind = Literal["email", "iban", "card", "national_id", "ssn", "ip", "phone"]
"""What is looked for. Where two kinds find the same characters, the first of this order counts."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Pii(Step):
    """Finds personal data, counts it and masks it with a token for its kind.

    Masking changes no other byte, and masking a masked text changes nothing. A document with too much of it can be
    dropped by a bound on ``count`` or on one kind; no such bound is set unless the recipe says so.
    """

    namespace: ClassVar[str] = "pii"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("count", pa.int32(), "items", "personal data of all kinds", SOURCE),
        Signal("email", pa.int32(), "items", "e-mail addresses under a public suffix", SOURCE),
        Signal("iban", pa.int32(), "items", "international bank account numbers with a right checksum", "ISO 13616"),
        Signal("card", pa.int32(), "items", "payment card numbers: issuer's range, length, Luhn", "ISO/IEC 7812"),
        Signal("national_id", pa.int32(), "items", "national identity numbers with a right checksum", "python-stdnum"),
        Signal("ssn", pa.int32(), "items", "US social security numbers that may have been issued", SOURCE),
        Signal("ip", pa.int32(), "items", "public IPv4 and IPv6 addresses", SOURCE),
        Signal("phone", pa.int32(), "items", "telephone numbers that are valid in a listed region", "libphonenumber"),
    )

    type: Literal["pii"] = "pii"
    kinds: tuple[Kind, ...] = KINDS
    """What to look for."""
    phone_regions: tuple[str, ...] = ("US", "GB")
    """Regions (ISO 3166) whose national numbers are found; numbers with ``+`` are found for every region."""
    national_ids: tuple[str, ...] = ()
    """National identity numbers to look for: ``es.dni``, ``fr.nir`` ... (listed in ``filters/pii/national_ids.py``)."""
    mask: bool = True
    """Replace what is found by the token of its kind; false: only count."""
    tokens: Mapping[Kind, str] = {
        "email": "<EMAIL>",
        "iban": "<IBAN>",
        "card": "<CREDIT_CARD>",
        "national_id": "<NATIONAL_ID>",
        "ssn": "<SSN>",
        "ip": "<IP_ADDRESS>",
        "phone": "<PHONE>",
    }
    """What stands for each kind in the masked text. A recipe that changes one must give all."""
    count: Bound | None = None
    """All personal data of a document (Dolma v1.5 drops above 5: ``{max: 5}``)."""
    email: Bound | None = None
    """E-mail addresses."""
    iban: Bound | None = None
    """Bank account numbers."""
    card: Bound | None = None
    """Card numbers (AFM R11 names them)."""
    national_id: Bound | None = None
    """National identity numbers."""
    ssn: Bound | None = None
    """US social security numbers (AFM R11 names them)."""
    ip: Bound | None = None
    """Public IP addresses."""
    phone: Bound | None = None
    """Telephone numbers."""

    @model_validator(mode="after")
    def _tokens_are_safe(self) -> Self:
        missing = set(KINDS) - set(self.tokens)
        if missing:
            raise ValueError(f"no token for {', '.join(sorted(missing))}: give one for each of {', '.join(KINDS)}")
        for kind, token in self.tokens.items():
            if not token or any(character.isdigit() or character in "@:" for character in token):
                raise ValueError(f"token {token!r} of {kind}: it must not be empty or hold digits, '@' or ':'")
        return self
