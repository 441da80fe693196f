"""Payment cards and bank accounts."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from filters.pii.finders import Span, matches, url_around
from filters.pii.windows import Window

# Grouped as on the card (4-4-4-4, 4-6-5 of American Express, 4-6-4 of Diners Club) or in one piece.
CARD = re.compile(
    r"(?<![\w.,/#\-])"
    r"(?:\d{4}([ \-\u00a0]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ \-\u00a0]?)\d{6}\2\d{4,5}|\d{13})"
    r"(?![\w\-]|[.,]\d)"
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \-\u00a0]?[A-Z0-9]){11,30}(?![a-z])")
LETTERS_BEFORE = 12
"""An IBAN's candidate may be its last digits only: ``GB82 WEST [1234``."""
SHORTEST_IBAN = 15

# Issuer identification numbers: first, last (as prefixes of equal length) and the lengths of their numbers.
ISSUERS = (
    ("4", "4", {13, 16, 19}),  # Visa
    ("51", "55", {16}),  # Mastercard
    ("2221", "2720", {16}),  # Mastercard
    ("34", "34", {15}),  # American Express
    ("37", "37", {15}),
    ("6011", "6011", {16, 19}),  # Discover
    ("644", "659", {16, 19}),
    ("300", "305", {14}),  # Diners Club
    ("36", "36", {14}),
    ("38", "39", {14}),
    ("3528", "3589", {16}),  # JCB
    ("62", "62", {16, 19}),  # UnionPay
)


def find_cards(window: Window) -> Iterator[Span]:
    """Numbers in an issuer's range, of its length and with a right Luhn digit; not inside a URL."""
    text = window.text
    for match in matches(CARD, window):
        digits = re.sub(r"\D", "", match[0])
        if _issued(digits) and luhn.is_valid(digits) and len(set(digits)) > 1 and not url_around(text, match.start()):
            yield match.span()


def _issued(digits: str) -> bool:
    return any(first <= digits[: len(first)] <= last and len(digits) in lengths for first, last, lengths in ISSUERS)


def find_ibans(window: Window) -> Iterator[Span]:
    """Numbers of a country's form with a right checksum; words after the number are not part of it."""
    text = window.text
    for match in matches(IBAN, window, LETTERS_BEFORE):
        start, end = match.span()
        while end - start >= SHORTEST_IBAN:
            if (
                text[end - 1].isalnum()
                and not text[end : end + 1].isdigit()
                and iban.is_valid(text[start:end].replace("\u00a0", " "))
            ):
                yield start, end
                break
            end -= 1
